import type { MetaMicroBatch } from '../data/micro-batch.ts';
import type { TensorData } from '../executors/executor.ts';
import type { Graph } from '../graph/graph.ts';
import type { GraphNode } from '../graph/types.ts';
import type { CallPlan } from './call-plan.ts';
import type { ObjectiveOptions } from './options.ts';
import { gatherTargets, joinIds, writeMeanWeights } from './row-weights.ts';

/** What the teacher reads in a call: unlabeled texts and their MLM pairs, B = M*N rows. */
export interface TeacherInputs {
  readonly xU: GraphNode; // int32 [B, S]
  readonly xM: GraphNode; // int32 [B, S]
  /** Loss weight of each position of x_u: 0.5 / (G * tokens of the micro-batch), 0 at padding; [B*S] */
  readonly weights: GraphNode;
  /** Masked positions: rows of [B*S], their targets, and weights 0.5 / (G * count); [M*capacity] */
  readonly maskedPositions: GraphNode;
  readonly maskedLabels: GraphNode;
  readonly maskedWeights: GraphNode;
}

export function teacherInputs(
  graph: Graph,
  plan: CallPlan,
  options: ObjectiveOptions,
  capacity: number,
): TeacherInputs {
  const { rows: N, unlabeledLength: S } = options.shapes;
  const B = plan.perCall * N;
  const K = plan.perCall * capacity;
  return {
    xU: graph.input('xU', [B, S], 'int32'),
    xM: graph.input('xM', [B, S], 'int32'),
    weights: graph.input('unlabeled.weights', [B * S]),
    maskedPositions: graph.input('masked.positions', [K], 'int32'),
    maskedLabels: graph.input('masked.labels', [K], 'int32'),
    maskedWeights: graph.input('masked.weights', [K]),
  };
}

/** A teacher loss is 0.5 * (input head) + 0.5 * (output head). */
export const HEAD_SHARE = 0.5;

export function teacherFeeds(
  microBatches: readonly MetaMicroBatch[],
  plan: CallPlan,
  options: ObjectiveOptions,
  capacity: number,
): Record<string, TensorData> {
  const { rows: N, unlabeledLength: S } = options.shapes;
  const scale = HEAD_SHARE / plan.accumulation;
  const weights = new Float32Array(microBatches.length * N * S);
  microBatches.forEach((micro, i) => {
    writeMeanWeights(micro.xU, scale, weights, i * N * S);
  });
  const masked = gatherTargets(
    microBatches.map((micro) => micro.yM),
    capacity,
    scale,
  );
  return {
    xU: joinIds(
      microBatches.map((micro) => micro.xU),
      N,
      S,
      'unlabeled text',
    ),
    xM: joinIds(
      microBatches.map((micro) => micro.xM),
      N,
      S,
      'MLM input',
    ),
    'unlabeled.weights': weights,
    'masked.positions': masked.positions,
    'masked.labels': masked.labels,
    'masked.weights': masked.weights,
  };
}
