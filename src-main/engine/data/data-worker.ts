import { workerData } from 'node:worker_threads';
import { toAppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { BatchRing } from './batch-ring.ts';
import type { RingMemory } from './batch-ring.ts';
import { createBatchSource } from './batch-source.ts';
import { loadTrainingData } from './load-training-data.ts';
import { needsLabeled } from './needs-labeled.ts';

/** What the thread is started with. */
export interface DataWorkerInput {
  readonly config: RunConfig;
  readonly dataDirectory: string;
  readonly memory: RingMemory;
  readonly startIndex: number;
}

/** Entry of the data thread: makes the run's data anew (a function of the configuration) and fills the ring until told to end. */
async function produce({ config, dataDirectory, memory, startIndex }: DataWorkerInput): Promise<void> {
  const ring = new BatchRing(memory);
  ring.begin();
  try {
    const data = await loadTrainingData(config, dataDirectory);
    const source = createBatchSource(config, data, { shapes: memory.shapes, needsLabeled: needsLabeled(config) });
    for (let index = startIndex; ring.put(index, source.microBatch(index)); index++);
  } catch (error) {
    ring.fail(toAppError(error));
  }
}

// only `prefetched-source.ts` starts this file, with this input
await produce(workerData as DataWorkerInput);
