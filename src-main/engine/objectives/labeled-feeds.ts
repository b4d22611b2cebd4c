import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { MetaMicroBatch } from '../data/micro-batch.ts';
import type { TensorData } from '../executors/executor.ts';
import type { Graph } from '../graph/graph.ts';
import { slice } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import type { StudentLossInput } from './student-loss.ts';
import type { ObjectiveOptions } from './options.ts';
import { joinIds, writeMeanWeights } from './row-weights.ts';

/** Support or query inputs of a call's `count` micro-batches. */
export interface LabeledInputs {
  readonly x: GraphNode; // int32 [count*N, Sl]
  readonly y: GraphNode; // int32 [count*N*Sl]
  readonly weights: GraphNode; // float32 [count*N*Sl]
}

export function labeledInputs(
  graph: Graph,
  name: 'support' | 'query',
  count: number,
  options: ObjectiveOptions,
): LabeledInputs {
  const { rows: N, labeledLength: S } = options.shapes;
  return {
    x: graph.input(`${name}.x`, [count * N, S], 'int32'),
    y: graph.input(`${name}.y`, [count * N * S], 'int32'),
    weights: graph.input(`${name}.weights`, [count * N * S]),
  };
}

/** The loss input of micro-batch `i` alone. */
export function labeledPart(inputs: LabeledInputs, i: number, options: ObjectiveOptions): StudentLossInput {
  const { rows: N, labeledLength: S } = options.shapes;
  const flat = (node: GraphNode): GraphNode => slice(node, [i * N * S], [N * S]);
  return {
    input: { ids: slice(inputs.x, [i * N, 0], [N, S]), mayPad: options.padding?.labeled ?? true },
    geometry: { batch: N, length: S },
    labels: flat(inputs.y),
    rowWeights: flat(inputs.weights),
    chunkRows: options.chunkRows,
  };
}

/** Feeds of both for some micro-batches; every micro-batch's weights sum to 1. */
export function labeledFeeds(
  microBatches: readonly MetaMicroBatch[],
  config: RunConfig,
  options: ObjectiveOptions,
): Record<string, TensorData> {
  const { rows: N, labeledLength: S } = options.shapes;
  const feeds: Record<string, TensorData> = {};
  for (const name of ['support', 'query'] as const) {
    const xs = microBatches.map((micro) => (name === 'support' ? micro.xS : micro.xQ));
    const ys = microBatches.map((micro) => (name === 'support' ? micro.yS : micro.yQ));
    const weights = new Float32Array(microBatches.length * N * S);
    const masks = config.meta.supportQueryMask === 'input' ? xs : ys;
    masks.forEach((mask, i) => {
      writeMeanWeights(mask, 1, weights, i * N * S);
    });
    feeds[`${name}.x`] = joinIds(xs, N, S, `${name} input`);
    feeds[`${name}.y`] = joinIds(ys, N, S, `${name} target`);
    feeds[`${name}.weights`] = weights;
  }
  return feeds;
}
