import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { MetaMicroBatch } from '../data/micro-batch.ts';
import type { TensorData } from '../executors/executor.ts';
import type { Graph } from '../graph/graph.ts';
import { slice } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import type { LabeledGroup, LabeledPartition } from './labeled-groups.ts';
import type { ObjectiveOptions } from './options.ts';
import { joinIds, padTo, writeMeanWeights } from './row-weights.ts';
import type { StudentLossInput } from './student-loss.ts';

/** Support or query inputs of a group of micro-batches. */
export interface LabeledInputs {
  readonly x: GraphNode; // int32 [count*N, Sl]
  readonly y: GraphNode; // int32 [count*N*Sl]
  readonly weights: GraphNode; // float32 [count*N*Sl]
  /** Sl */
  readonly length: number;
  readonly mayPad: boolean;
}

export type LabeledRole = 'support' | 'query';

const feedName = (role: LabeledRole, { length, count }: LabeledGroup, part: 'x' | 'y' | 'weights'): string =>
  `${role}@${length}x${count}.${part}`;

export function labeledInputs(
  graph: Graph,
  role: LabeledRole,
  group: LabeledGroup,
  options: ObjectiveOptions,
): LabeledInputs {
  const { rows: N } = options.shapes;
  const { length: S, count } = group;
  return {
    x: graph.input(feedName(role, group, 'x'), [count * N, S], 'int32'),
    y: graph.input(feedName(role, group, 'y'), [count * N * S], 'int32'),
    weights: graph.input(feedName(role, group, 'weights'), [count * N * S]),
    length: S,
    mayPad: (options.padding?.labeled ?? true) || group.mixed,
  };
}

/** The loss input of the group's micro-batch `i` alone. */
export function labeledPart(inputs: LabeledInputs, i: number, options: ObjectiveOptions): StudentLossInput {
  const { rows: N } = options.shapes;
  const S = inputs.length;
  const flat = (node: GraphNode): GraphNode => slice(node, [i * N * S], [N * S]);
  return {
    input: { ids: slice(inputs.x, [i * N, 0], [N, S]), mayPad: inputs.mayPad },
    geometry: { batch: N, length: S },
    labels: flat(inputs.y),
    rowWeights: flat(inputs.weights),
    chunkRows: options.chunkRows,
  };
}

/** Feeds of both roles for a group's micro-batches; every micro-batch's weights sum to 1. */
export function labeledFeeds(
  microBatches: readonly MetaMicroBatch[],
  group: LabeledGroup,
  config: RunConfig,
  options: ObjectiveOptions,
): Record<string, TensorData> {
  const { rows: N } = options.shapes;
  const { length: S } = group;
  const feeds: Record<string, TensorData> = {};
  for (const role of ['support', 'query'] as const) {
    const xs = microBatches.map((micro) => padTo(role === 'support' ? micro.xS : micro.xQ, S));
    const ys = microBatches.map((micro) => padTo(role === 'support' ? micro.yS : micro.yQ, S));
    const weights = new Float32Array(microBatches.length * N * S);
    const masks = config.meta.supportQueryMask === 'input' ? xs : ys;
    masks.forEach((mask, i) => {
      writeMeanWeights(mask, 1, weights, i * N * S);
    });
    feeds[feedName(role, group, 'x')] = joinIds(xs, N, S, `${role} input`);
    feeds[feedName(role, group, 'y')] = joinIds(ys, N, S, `${role} target`);
    feeds[feedName(role, group, 'weights')] = weights;
  }
  return feeds;
}

/** Feeds of a partition's groups; `ordered` are its micro-batches group after group. */
export function partitionFeeds(
  ordered: readonly MetaMicroBatch[],
  partition: LabeledPartition,
  config: RunConfig,
  options: ObjectiveOptions,
): Record<string, TensorData> {
  let begin = 0;
  const feeds: Record<string, TensorData> = {};
  for (const group of partition) {
    Object.assign(feeds, labeledFeeds(ordered.slice(begin, begin + group.count), group, config, options));
    begin += group.count;
  }
  return feeds;
}
