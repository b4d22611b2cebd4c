import { describe, expect, it } from 'vitest';
import type { Executor } from '../../src-main/engine/executors/executor.ts';
import { createKernelExecutor } from '../../src-main/engine/executors/kernels/create-kernel-executor.ts';
import { buildObjective } from '../../src-main/engine/objectives/build-objective.ts';
import { prepareRunData } from '../../src-main/engine/train/run-data.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { textBench } from '../../src-shared/config/presets/text-bench.ts';
import { openExecutor, suiteName, tensorFlowMissing } from '../unit/engine/executors/tensorflow/native.ts';

type Objective = RunConfig['objective'];

/** A small model whose logits are so large (8 Mi elements) that TensorFlow takes its library's softmax for their loss. */
function configOf(objective: Objective): RunConfig {
  const config = textBench(objective);
  return {
    ...config,
    model: { ...config.model, layers: 1, modelDim: 16, feedForwardDim: 32, heads: 2, dropout: 0, attentionDropout: 0 },
    data: { kind: 'random-text', length: 16 },
    training: { ...config.training, accumulation: 2 },
  };
}

/** Of a metric, and of a variable's largest value. */
const TOLERANCE = 2e-5;

interface Trained {
  readonly metrics: Record<string, number>;
  readonly variables: Record<string, ArrayLike<number>>;
}

/** One optimizer step. */
async function train(executor: Executor, config: RunConfig): Promise<Trained> {
  const data = await prepareRunData(config, '');
  const objective = buildObjective(config, data.objectiveOptions);
  const session = await executor.compile(objective.program);
  const source = data.openSource(0);
  try {
    await session.writeAll(objective.initialState(config.seed));
    const { accumulation } = config.training;
    let metrics: Record<string, number> = {};
    for (let first = 0; first < accumulation; first += objective.microBatchesPerCall) {
      const batches = Array.from({ length: objective.microBatchesPerCall }, (_, i) => source.microBatch(first + i));
      const call = objective.trainingCall(batches, first);
      metrics = objective.stepMetrics(call, await session.run(call.functionName, call.feeds), first);
    }
    return { metrics, variables: await session.readAll() };
  } finally {
    await source.dispose();
    session.dispose();
  }
}

/** Largest difference as a part of the largest value. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [most, scale] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    most = Math.max(most, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)));
    scale = Math.max(scale, Math.abs(b[i] ?? NaN));
  }
  return most / scale;
}

describe.skipIf(tensorFlowMissing !== undefined)(suiteName('a step with large logits on TensorFlow'), () => {
  // Not hard: of thousands of tokens that its teacher draws, the rounding of a probability decides some.
  it.each(['mlm', 'finetune', 'soft'] as const)('%s gives what it gives on wasm', async (name) => {
    const config = configOf(name);
    const found = await train(await openExecutor({ largeProducts: true }), config);
    const wasm = await createKernelExecutor('wasm');
    const expected = await train(wasm, config).finally(() => {
      wasm.dispose();
    });
    expect(Object.keys(found.metrics)).toEqual(Object.keys(expected.metrics));
    for (const [metric, value] of Object.entries(expected.metrics)) {
      expect(Math.abs((found.metrics[metric] ?? NaN) - value), metric).toBeLessThanOrEqual(TOLERANCE * Math.abs(value));
    }
    for (const [variable, values] of Object.entries(expected.variables)) {
      expect(distance(found.variables[variable] ?? [], values), variable).toBeLessThan(TOLERANCE);
    }
  });
});
