import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import type { TensorData } from '../executors/executor.ts';
import type { Graph } from '../graph/graph.ts';
import { cast, equal, gather, logicalNot, mul, reshape, sum } from '../graph/ops.ts';
import type { ProgramFunction } from '../graph/program.ts';
import type { GraphNode } from '../graph/types.ts';
import { headHidden } from '../model/lm-head.ts';
import type { ModelContext } from '../model/model-context.ts';
import { parametersOf } from '../model/parameters.ts';
import { encodeTokens } from '../model/transformer.ts';
import { labelScoresOf, scorePositions } from './evaluation-scores.ts';
import type { ModelState } from './model-state.ts';
import type { EvaluatedBatch, Objective } from './objective.ts';
import { evaluationShapesOf, type EvaluationShape, type ObjectiveOptions } from './options.ts';
import { countTargets, gatherTargets, joinIds, mlmTargetCapacity, PAD } from './row-weights.ts';

/** The program's function for evaluation batches of S = `length` positions. */
const evaluationName = (length: number): string => `evaluate@${length}`;

/** Evaluations in a program, and how they are fed and read. */
export type StudentEvaluation = Pick<Objective, 'evaluationCall' | 'evaluation'> & {
  readonly functions: Readonly<Record<string, ProgramFunction>>;
};

/** One way to evaluate a batch of some size. */
interface Evaluation {
  fetches(graph: Graph, context: ModelContext, x: GraphNode, shape: EvaluationShape): Record<string, GraphNode>;
  feeds(y: IdMatrix, shape: EvaluationShape): Record<string, TensorData>;
  read(fetch: (name: string, count: number) => TensorData, y: IdMatrix): EvaluatedBatch;
}

/** Evaluations of a student with dropout off, one function per size. */
export function studentEvaluation(
  graph: Graph,
  student: ModelState,
  config: RunConfig,
  options: ObjectiveOptions,
): StudentEvaluation {
  const shapes = evaluationShapesOf(config, options);
  const evaluation = config.objective === 'finetune' ? taskEvaluation(options) : maskedEvaluation(config, options);
  const context: ModelContext = {
    model: config.model,
    parameters: parametersOf(student.parameters, student.layout),
    precision: config.engine.matmulPrecision,
    dropout: undefined,
  };
  return {
    functions: Object.fromEntries(
      shapes.map((shape) => {
        const name = evaluationName(shape.length);
        const x = graph.input(`${name}.x`, [shape.rows, shape.length], 'int32');
        return [name, { updates: {}, fetches: evaluation.fetches(graph, context, x, shape) }];
      }),
    ),
    evaluationCall: (x, y) => {
      const shape = shapeFor(x, shapes);
      const name = evaluationName(x.length);
      const feeds = { x: padded(x, shape), ...evaluation.feeds(y, shape) };
      return {
        functionName: name,
        feeds: Object.fromEntries(Object.entries(feeds).map(([feed, values]) => [`${name}.${feed}`, values])),
      };
    },
    evaluation: (fetched, _x, y) => {
      const fetch = (name: string, count: number): TensorData => {
        const data = fetched[name];
        if (data === undefined) throw new Error(`evaluation did not return "${name}"`);
        return data.subarray(0, count);
      };
      return evaluation.read(fetch, y);
    },
  };
}

/**
 * A labeled task, whose targets are at every position of a row: per row the loss and the label tokens' mean scores; where
 * answers are spans, every position's most probable token.
 */
function taskEvaluation({
  labelTokens,
  marksSpans = false,
  evaluatesLoss = true,
  shapes,
  chunkRows,
}: ObjectiveOptions): Evaluation {
  return {
    fetches(graph, context, x, shape) {
      const { rows, length } = shape;
      const positions = rows * length;
      const encoded = encodeTokens(context, { ids: x, mayPad: true }, { batch: rows, length });
      const hidden = headHidden(context, encoded, 'head');
      const isToken = logicalNot(equal(reshape(x, [positions]), PAD));
      const targets = evaluatesLoss
        ? reshape(graph.input(`${evaluationName(length)}.y`, [rows, length], 'int32'), [positions])
        : undefined;
      const scored =
        targets === undefined && !marksSpans
          ? {}
          : scorePositions(context, hidden, { ...(targets && { targets }), marks: marksSpans }, chunkRows);
      const { crossEntropy, token, logProbability } = scored;
      return {
        ...(crossEntropy && targets && { lossSum: sumOfTargets(crossEntropy, targets, shape) }),
        ...(token && logProbability && { token, logProbability }),
        ...(labelTokens.length > 0 && {
          labelScores: labelScoresOf(context, hidden, isToken, labelTokens, shape, shapes.labeledLength),
        }),
      };
    },
    feeds: (y, shape) => (evaluatesLoss ? { y: padded(y, shape) } : {}),
    read: (fetch, y) => {
      const labels = labelTokens.length;
      const positions = y.rows * y.length;
      return {
        targetCount: countTargets(y),
        labelScores: labels === 0 ? new Float32Array() : new Float32Array(fetch('labelScores', y.rows * labels)),
        ...(evaluatesLoss && { lossSum: Float64Array.from(fetch('lossSum', y.rows)) }),
        ...(marksSpans && {
          marks: {
            token: Int32Array.from(fetch('token', positions)),
            logProbability: Float32Array.from(fetch('logProbability', positions)),
          },
        }),
      };
    },
  };
}

/** Cross-entropy [E*S] summed over each row's targets: [E]. */
function sumOfTargets(crossEntropy: GraphNode, targets: GraphNode, { rows, length }: EvaluationShape): GraphNode {
  const isTarget = logicalNot(equal(targets, PAD));
  return sum(reshape(mul(crossEntropy, cast(isTarget, 'float32')), [rows, length]), 1);
}

/** Masked language modeling: only the few positions with a target go through the LM head, as in training. */
function maskedEvaluation({ training }: RunConfig, { targetCapacity, chunkRows }: ObjectiveOptions): Evaluation {
  const capacityOf = ({ rows, length }: EvaluationShape): number =>
    targetCapacity ?? mlmTargetCapacity(training.maskProbability, rows, length);
  return {
    fetches(graph, context, x, shape) {
      const capacity = capacityOf(shape);
      const input = (name: string): GraphNode =>
        graph.input(`${evaluationName(shape.length)}.${name}`, [capacity], 'int32');
      const encoded = encodeTokens(context, { ids: x, mayPad: true }, { batch: shape.rows, length: shape.length });
      const hidden = headHidden(context, gather(encoded, input('positions')), 'head');
      const wanted = { targets: input('labels'), isRight: true };
      const { crossEntropy, isRight } = scorePositions(context, hidden, wanted, chunkRows);
      return { ...(crossEntropy && { crossEntropy }), ...(isRight && { isRight }) };
    },
    feeds(y, shape) {
      const { positions, labels } = gatherTargets([y], capacityOf(shape), 1);
      return { positions, labels };
    },
    read(fetch, y) {
      const targetCount = countTargets(y);
      const total = targetCount.reduce((a, b) => a + b, 0);
      return {
        targetCount,
        labelScores: new Float32Array(),
        lossSum: Float64Array.from(sumByRow(fetch('crossEntropy', total), targetCount)),
        correctCount: Int32Array.from(sumByRow(fetch('isRight', total), targetCount)),
      };
    },
  };
}

/** Sums of values that stand row after row, `counts` in each. */
function sumByRow(values: TensorData, counts: Int32Array): number[] {
  let begin = 0;
  return Array.from(counts, (count) => {
    let total = 0;
    for (let i = begin; i < begin + count; i++) total += values[i] ?? Number.NaN;
    begin += count;
    return total;
  });
}

/** @throws AppError input/invalid */
function shapeFor(x: IdMatrix, shapes: readonly EvaluationShape[]): EvaluationShape {
  const shape = shapes.find(({ length }) => length === x.length);
  if (shape !== undefined && x.rows <= shape.rows) return shape;
  const sizes = shapes.map(({ rows, length }) => `${rows} x ${length}`).join(', ');
  throw new AppError('input/invalid', `evaluation batch: got ids ${x.rows} x ${x.length}, expected at most ${sizes}`);
}

/** A batch's ids, filled up with rows of padding. */
function padded(matrix: IdMatrix, { rows, length }: EvaluationShape): Int32Array {
  const ids = new Int32Array(rows * length);
  ids.set(joinIds([matrix], matrix.rows, length, 'evaluation batch'));
  return ids;
}
