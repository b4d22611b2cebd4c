import { Worker } from 'node:worker_threads';
import { toAppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { BatchRing, allocateRing } from './batch-ring.ts';
import type { DataWorkerInput } from './data-worker.ts';
import type { BatchSource, MicroBatch } from './micro-batch.ts';
import type { BatchShapes } from './training-data.ts';

/** Micro-batches kept ready. */
const DEPTH = 16;
/** Loading large data takes a while before the first micro-batch; longer than this, something is wrong. */
const TIMEOUT_MS = 600_000;

export interface PrefetchedSource extends BatchSource {
  /** Share (0..1) of the time since the last call (at first: since the first micro-batch) spent waiting for the data thread. */
  takeWaitedShare(): number;
  /** Ends the thread; the source can't be used afterwards. */
  dispose(): Promise<void>;
}

/**
 * The same micro-batches as `createBatchSource` (with `needsLabeled` of the objective), prepared ahead by a thread of its own.
 * `microBatch` blocks until the next one is there. Made for sequential reading: asking for another index than the next one
 * starts a new thread at that index.
 * @throws AppError from `microBatch`: what the thread failed with
 */
export function createPrefetchedSource(
  config: RunConfig,
  dataDirectory: string,
  shapes: BatchShapes,
  options: { readonly startIndex?: number; readonly depth?: number } = {},
): PrefetchedSource {
  return new ThreadSource(config, dataDirectory, shapes, options.startIndex ?? 0, options.depth ?? DEPTH);
}

class ThreadSource implements PrefetchedSource {
  readonly #config: RunConfig;
  readonly #dataDirectory: string;
  readonly #shapes: BatchShapes;
  readonly #depth: number;
  readonly #running = new Set<Worker>();
  #ring: BatchRing;
  #next: number;
  #sinceMs = Number.NaN;
  #waitedMs = 0;

  constructor(config: RunConfig, dataDirectory: string, shapes: BatchShapes, startIndex: number, depth: number) {
    this.#config = config;
    this.#dataDirectory = dataDirectory;
    this.#shapes = shapes;
    this.#depth = depth;
    this.#next = startIndex;
    this.#ring = this.#start(startIndex);
  }

  microBatch(index: number): MicroBatch {
    if (index !== this.#next) {
      this.#ring.stop();
      this.#ring = this.#start(index);
    }
    this.#next = index + 1;
    if (this.#ring.isReady(index)) {
      if (Number.isNaN(this.#sinceMs)) this.#sinceMs = performance.now();
      return this.#ring.take(index, TIMEOUT_MS);
    }
    const before = performance.now();
    const batch = this.#ring.take(index, TIMEOUT_MS);
    // the first wait is the loading of the data, which would drown what matters
    if (Number.isNaN(this.#sinceMs)) this.#sinceMs = performance.now();
    else this.#waitedMs += performance.now() - before;
    return batch;
  }

  takeWaitedShare(): number {
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.#sinceMs;
    const share = elapsedMs > 0 ? this.#waitedMs / elapsedMs : 0;
    this.#waitedMs = 0;
    this.#sinceMs = nowMs;
    return share;
  }

  async dispose(): Promise<void> {
    this.#ring.stop();
    await Promise.all(
      Array.from(this.#running, (worker) => {
        // awaited now, so it must keep the process alive
        worker.ref();
        return new Promise((resolve) => worker.once('exit', resolve));
      }),
    );
  }

  #start(startIndex: number): BatchRing {
    const memory = allocateRing(this.#config, this.#shapes, this.#depth);
    const ring = new BatchRing(memory);
    const input: DataWorkerInput = { config: this.#config, dataDirectory: this.#dataDirectory, memory, startIndex };
    const worker = new Worker(new URL('./data-worker.ts', import.meta.url), { workerData: input });
    // a thread that only waits for a free slot must not keep the process alive
    worker.unref();
    // errors of the thread's own code arrive through the ring; this one is for a thread that could not even start
    worker.on('error', (error) => {
      ring.fail(toAppError(error));
    });
    this.#running.add(worker);
    worker.once('exit', () => this.#running.delete(worker));
    return ring;
  }
}
