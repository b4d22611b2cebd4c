import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import type { TensorData } from '../executors/executor.ts';
import type { Graph } from '../graph/graph.ts';
import {
  argMax,
  cast,
  equal,
  gather,
  logicalAnd,
  logicalNot,
  mul,
  reshape,
  sparseCrossEntropy,
  sum,
} from '../graph/ops.ts';
import type { ProgramFunction } from '../graph/program.ts';
import type { GraphNode } from '../graph/types.ts';
import { headHidden, headOutput } from '../model/lm-head.ts';
import { affine } from '../model/linear.ts';
import type { ModelContext } from '../model/model-context.ts';
import { parametersOf } from '../model/parameters.ts';
import { encodeTokens } from '../model/transformer.ts';
import type { ModelState } from './model-state.ts';
import type { Call, EvaluatedBatch } from './objective.ts';
import type { ObjectiveOptions } from './options.ts';
import { joinIds } from './row-weights.ts';

/** The program's function for evaluation batches of S = `length` positions. */
export const evaluationName = (length: number): string => `evaluate@${length}`;

/** Scores [E*S, labels] of the label tokens, zero at padding, averaged over the S positions: [E, labels]. */
function labelScoresOf(
  context: ModelContext,
  hidden: GraphNode,
  isToken: GraphNode,
  labelTokens: readonly number[],
  rows: number,
  length: number,
): GraphNode {
  const { weight, bias } = headOutput(context, 'head');
  const labels = hidden.graph.apply('constant', [], {
    values: labelTokens,
    shape: [labelTokens.length],
    dtype: 'int32',
  });
  const scores = affine({ ...context, precision: 'float32' }, hidden, gather(weight, labels), gather(bias, labels));
  const kept = mul(scores, reshape(cast(isToken, 'float32'), [rows * length, 1]));
  return mul(sum(reshape(kept, [rows, length, labelTokens.length]), 1), 1 / length);
}

/**
 * Student scores with dropout off for x, y [E, S]: per row the summed cross-entropy over its targets, how many of them
 * are the arg-max, and the label tokens' mean scores.
 */
export function evaluationFunction(
  graph: Graph,
  student: ModelState,
  config: RunConfig,
  options: ObjectiveOptions,
  length: number,
): ProgramFunction {
  const E = options.shapes.evaluationRows;
  const V = config.model.vocabularySize;
  const x = graph.input(`evaluate@${length}.x`, [E, length], 'int32');
  const y = graph.input(`evaluate@${length}.y`, [E, length], 'int32');
  const context: ModelContext = {
    model: config.model,
    parameters: parametersOf(student.parameters, student.layout),
    precision: config.engine.matmulPrecision,
    dropout: undefined,
  };
  const hidden = headHidden(context, encodeTokens(context, { ids: x, mayPad: true }, { batch: E, length }), 'head');
  const { weight, bias } = headOutput(context, 'head');
  const logits = affine(context, hidden, weight, bias); // [E*S, V]
  const targets = reshape(y, [E * length]);
  const isTarget = logicalNot(equal(targets, 0));
  const crossEntropy = mul(sparseCrossEntropy(logits, targets), cast(isTarget, 'float32'));
  const isRight = logicalAnd(equal(argMax(reshape(logits, [E * length, V]), 1), targets), isTarget);
  const perRow = (values: GraphNode): GraphNode => sum(reshape(values, [E, length]), 1);
  const isToken = logicalNot(equal(reshape(x, [E * length]), 0));
  return {
    updates: {},
    fetches: {
      lossSum: perRow(crossEntropy),
      correct: perRow(cast(isRight, 'float32')),
      ...(options.labelTokens.length > 0 && {
        labelScores: labelScoresOf(context, hidden, isToken, options.labelTokens, E, length),
      }),
    },
  };
}

/** Feeds of an evaluation call: up to E rows, the rest filled with padding. */
export function evaluationCall(x: IdMatrix, y: IdMatrix, evaluationRows: number): Call {
  const padded = (matrix: IdMatrix): Int32Array => {
    const ids = new Int32Array(evaluationRows * matrix.length);
    ids.set(joinIds([matrix], x.rows, x.length, 'evaluation batch'));
    return ids;
  };
  const name = evaluationName(x.length);
  return { functionName: name, feeds: { [`${name}.x`]: padded(x), [`${name}.y`]: padded(y) } };
}

export function readEvaluation(
  fetched: Readonly<Record<string, TensorData>>,
  x: IdMatrix,
  y: IdMatrix,
  labels: number,
): EvaluatedBatch {
  const fetch = (name: string): TensorData => {
    const data = fetched[name];
    if (data === undefined) throw new Error(`evaluation did not return "${name}"`);
    return data;
  };
  const targetCount = new Int32Array(x.rows);
  for (let row = 0; row < x.rows; row++) {
    for (let s = 0; s < x.length; s++)
      if (y.ids[row * x.length + s] !== 0) targetCount[row] = (targetCount[row] ?? 0) + 1;
  }
  return {
    lossSum: Float64Array.from(fetch('lossSum').subarray(0, x.rows)),
    targetCount,
    correctCount: Int32Array.from(fetch('correct').subarray(0, x.rows)),
    labelScores:
      labels === 0 ? new Float32Array() : new Float32Array(fetch('labelScores').subarray(0, x.rows * labels)),
  };
}
