import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import type { TensorData } from '../executors/executor.ts';
import type { Graph } from '../graph/graph.ts';
import {
  after,
  argMax,
  cast,
  concat,
  equal,
  gather,
  logicalAnd,
  logicalNot,
  mul,
  neg,
  reshape,
  slice,
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
import type { Call, EvaluatedBatch, Objective } from './objective.ts';
import { evaluationShapesOf, type EvaluationShape, type ObjectiveOptions } from './options.ts';
import { joinIds } from './row-weights.ts';

/** The program's function for evaluation batches of S = `length` positions. */
const evaluationName = (length: number): string => `evaluate@${length}`;

export type StudentEvaluation = Pick<Objective, 'evaluationCall' | 'evaluation'> & {
  readonly functions: Readonly<Record<string, ProgramFunction>>;
};

/** Evaluations of a student, one function per size. */
export function studentEvaluation(
  graph: Graph,
  student: ModelState,
  config: RunConfig,
  options: ObjectiveOptions,
): StudentEvaluation {
  const shapes = evaluationShapesOf(options);
  return {
    functions: Object.fromEntries(
      shapes.map((shape) => [evaluationName(shape.length), evaluationFunction(graph, student, config, options, shape)]),
    ),
    evaluationCall: (x, y) => evaluationCall(x, y, shapes),
    evaluation: (fetched, x, y) => readEvaluation(fetched, x, y, options),
  };
}

/**
 * Scores [E*S, labels] of the label tokens, zero at padding, averaged as if rows were `paddedLength` long: [E, labels].
 * So a row's scores don't depend on the size that it is evaluated at.
 */
function labelScoresOf(
  context: ModelContext,
  hidden: GraphNode,
  isToken: GraphNode,
  labelTokens: readonly number[],
  { rows, length }: EvaluationShape,
  paddedLength: number,
): GraphNode {
  const { weight, bias } = headOutput(context, 'head');
  const labels = hidden.graph.apply('constant', [], {
    values: labelTokens,
    shape: [labelTokens.length],
    dtype: 'int32',
  });
  const scores = affine({ ...context, precision: 'float32' }, hidden, gather(weight, labels), gather(bias, labels));
  const kept = mul(scores, reshape(cast(isToken, 'float32'), [rows * length, 1]));
  return mul(sum(reshape(kept, [rows, length, labelTokens.length]), 1), 1 / paddedLength);
}

/** What is read off the logits of some positions, each [R]. */
interface ScoredPositions {
  readonly crossEntropy: GraphNode;
  readonly isRight: GraphNode;
  /** Most probable token and its log-probability, nats. */
  readonly token?: GraphNode;
  readonly logProbability?: GraphNode;
}

/** Positions [R, D] against their targets [R]; what is nowhere a target (PAD) has no cross-entropy and is never right. */
function scorePositions(
  context: ModelContext,
  hidden: GraphNode,
  targets: GraphNode,
  marksSpans: boolean,
): ScoredPositions {
  const { weight, bias } = headOutput(context, 'head');
  const logits = affine(context, hidden, weight, bias); // [R, V]
  const isTarget = logicalNot(equal(targets, 0));
  const token = argMax(logits, 1);
  return {
    crossEntropy: mul(sparseCrossEntropy(logits, targets), cast(isTarget, 'float32')),
    isRight: cast(logicalAnd(equal(token, targets), isTarget), 'float32'),
    ...(marksSpans && { token, logProbability: neg(sparseCrossEntropy(logits, token)) }),
  };
}

const nodesOf = (node: GraphNode | undefined): readonly GraphNode[] => (node === undefined ? [] : [node]);

/** `scorePositions` for at most `chunkRows` positions at a time: of a large vocabulary, logits fill memory. */
function scoreInChunks(
  context: ModelContext,
  hidden: GraphNode,
  targets: GraphNode,
  { marksSpans = false, chunkRows }: ObjectiveOptions,
): ScoredPositions {
  const [rows = 0, D = 0] = hidden.shape;
  if (chunkRows === undefined || chunkRows >= rows) return scorePositions(context, hidden, targets, marksSpans);
  const parts: ScoredPositions[] = [];
  for (let begin = 0; begin < rows; begin += chunkRows) {
    const count = Math.min(chunkRows, rows - begin);
    const previous = parts.at(-1);
    const done =
      previous === undefined ? [] : [previous.crossEntropy, previous.isRight, ...nodesOf(previous.logProbability)];
    const chunk = after(slice(hidden, [begin, 0], [count, D]), done);
    parts.push(scorePositions(context, chunk, slice(targets, [begin], [count]), marksSpans));
  }
  const joined = (name: keyof ScoredPositions): GraphNode => {
    const nodes = parts.flatMap((part) => nodesOf(part[name]));
    return concat(nodes, 0);
  };
  return {
    crossEntropy: joined('crossEntropy'),
    isRight: joined('isRight'),
    ...(marksSpans && { token: joined('token'), logProbability: joined('logProbability') }),
  };
}

/**
 * Student scores with dropout off for x, y [E, S]: per row the summed cross-entropy over its targets, how many of them
 * are the arg-max, and the label tokens' mean scores; where answers are spans, every position's most probable token.
 */
function evaluationFunction(
  graph: Graph,
  student: ModelState,
  config: RunConfig,
  options: ObjectiveOptions,
  shape: EvaluationShape,
): ProgramFunction {
  const { rows: E, length } = shape;
  const x = graph.input(`evaluate@${length}.x`, [E, length], 'int32');
  const y = graph.input(`evaluate@${length}.y`, [E, length], 'int32');
  const context: ModelContext = {
    model: config.model,
    parameters: parametersOf(student.parameters, student.layout),
    precision: config.engine.matmulPrecision,
    dropout: undefined,
  };
  const hidden = headHidden(context, encodeTokens(context, { ids: x, mayPad: true }, { batch: E, length }), 'head');
  const scored = scoreInChunks(context, hidden, reshape(y, [E * length]), options);
  const perRow = (values: GraphNode): GraphNode => sum(reshape(values, [E, length]), 1);
  const isToken = logicalNot(equal(reshape(x, [E * length]), 0));
  const { labelTokens, shapes } = options;
  return {
    updates: {},
    fetches: {
      lossSum: perRow(scored.crossEntropy),
      correct: perRow(scored.isRight),
      ...(labelTokens.length > 0 && {
        labelScores: labelScoresOf(context, hidden, isToken, labelTokens, shape, shapes.labeledLength),
      }),
      ...(scored.token && scored.logProbability && { token: scored.token, logProbability: scored.logProbability }),
    },
  };
}

/** Feeds of an evaluation call: up to E rows, the rest filled with padding. */
function evaluationCall(x: IdMatrix, y: IdMatrix, shapes: readonly EvaluationShape[]): Call {
  const rows = shapes.find(({ length }) => length === x.length)?.rows;
  if (rows === undefined || rows < x.rows) {
    const sizes = shapes.map((shape) => `${shape.rows} x ${shape.length}`).join(', ');
    throw new AppError('input/invalid', `evaluation batch: got ids ${x.rows} x ${x.length}, expected at most ${sizes}`);
  }
  const padded = (matrix: IdMatrix): Int32Array => {
    const ids = new Int32Array(rows * matrix.length);
    ids.set(joinIds([matrix], x.rows, x.length, 'evaluation batch'));
    return ids;
  };
  const name = evaluationName(x.length);
  return { functionName: name, feeds: { [`${name}.x`]: padded(x), [`${name}.y`]: padded(y) } };
}

function readEvaluation(
  fetched: Readonly<Record<string, TensorData>>,
  x: IdMatrix,
  y: IdMatrix,
  { labelTokens, marksSpans = false }: ObjectiveOptions,
): EvaluatedBatch {
  const fetch = (name: string, count: number): TensorData => {
    const data = fetched[name];
    if (data === undefined) throw new Error(`evaluation did not return "${name}"`);
    return data.subarray(0, count);
  };
  const targetCount = new Int32Array(x.rows);
  for (let row = 0; row < x.rows; row++) {
    for (let s = 0; s < x.length; s++)
      if (y.ids[row * x.length + s] !== 0) targetCount[row] = (targetCount[row] ?? 0) + 1;
  }
  const labels = labelTokens.length;
  const positions = x.rows * x.length;
  return {
    lossSum: Float64Array.from(fetch('lossSum', x.rows)),
    targetCount,
    correctCount: Int32Array.from(fetch('correct', x.rows)),
    labelScores: labels === 0 ? new Float32Array() : new Float32Array(fetch('labelScores', x.rows * labels)),
    ...(marksSpans && {
      marks: {
        token: Int32Array.from(fetch('token', positions)),
        logProbability: Float32Array.from(fetch('logProbability', positions)),
      },
    }),
  };
}
