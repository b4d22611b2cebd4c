import { describe, expect, it } from 'vitest';
import { benchConfig } from '../../../../src-main/engine/bench/bench-config.ts';
import { BenchLoop } from '../../../../src-main/engine/bench/bench-loop.ts';
import type { MicroBatch } from '../../../../src-main/engine/data/micro-batch.ts';
import type { Session } from '../../../../src-main/engine/executors/executor.ts';
import type { Objective } from '../../../../src-main/engine/objectives/objective.ts';

const ids = { ids: new Int32Array(), rows: 0, length: 0 };
const microBatch: MicroBatch = { kind: 'pair', x: ids, y: ids };

describe('BenchLoop', () => {
  it('makes the trainer’s calls in order, h measured where it is due, warm-up steps going on into measured ones', async () => {
    const config = benchConfig({ workload: 'two-moons', objective: 'mlm', executor: 'cpu' });
    config.training.feedbackEveryExamples = 32; // every second step of 4 x 4 examples
    const read: number[] = [];
    const calls: [number, boolean | undefined][] = [];
    const objective: Pick<Objective, 'microBatchesPerCall' | 'trainingCall' | 'stepMetrics'> = {
      microBatchesPerCall: 2,
      trainingCall: (batches, first, logFeedback) => {
        expect(batches).toHaveLength(2);
        calls.push([first, logFeedback]);
        return { functionName: 'train', feeds: {} };
      },
      stepMetrics: () => ({}),
    };
    const session: Pick<Session, 'run'> = { run: () => Promise.resolve({}) };
    const source = {
      microBatch: (index: number) => {
        read.push(index);
        return microBatch;
      },
    };
    const loop = new BenchLoop(config, objective as Objective, session as Session, source);
    await loop.run(1);
    const { stepMs, totalMs } = await loop.run(3);
    expect(read).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(calls.map(([first]) => first)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    expect(calls.filter(([, logFeedback]) => logFeedback).map(([first]) => first)).toEqual([6, 14]);
    expect(stepMs).toHaveLength(3);
    expect(stepMs.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(totalMs, 6);
  });
});

describe('benchConfig', () => {
  it('takes the report’s settings and what is asked for', () => {
    const text = benchConfig({ workload: 'text', objective: 'soft', executor: 'auto', batch: 8, xla: true });
    expect(text.model).toMatchObject({ layers: 6, modelDim: 256, feedForwardDim: 1024, vocabularySize: 30_000 });
    expect(text.training).toMatchObject({ batchSize: 8, samplesPerTask: 8, accumulation: 1 });
    expect(text.engine).toMatchObject({ executor: 'auto', xla: true });
    const moons = benchConfig({ workload: 'two-moons', objective: 'finetune', executor: 'wasm' });
    expect(moons.training.batchSize).toBe(16);
    expect(moons.data).toMatchObject({ kind: 'two-moons', labels: 160 });
    expect(benchConfig({ workload: 'two-moons', objective: 'hard', executor: 'wasm' }).training.batchSize).toBe(4);
  });
});
