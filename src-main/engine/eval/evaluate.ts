import type { MaskOptions } from '../data/mlm-mask.ts';
import { maskTokens } from '../data/mlm-mask.ts';
import type { TaskLabel } from '../data/tasks/superglue/text-example.ts';
import type { ClassificationTask, TaskExample, TaskRow } from '../data/tasks/task.ts';
import type { UnlabeledTexts } from '../data/training-data.ts';
import type { EvaluatedBatch } from '../objectives/objective.ts';
import type { EvaluationShape } from '../objectives/options.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { averageWindows, predictLabels } from './label-prediction.ts';
import type { WindowScores } from './label-prediction.ts';
import { mean } from './predictions.ts';
import { predictSpans, type MarkedSpan, type WindowTokens } from './record-prediction.ts';
import { scoreRows, type ScoreRows } from './score-rows.ts';
import { taskScores } from './task-score.ts';

/** Accuracy x100, and nats per target token. */
export interface EvaluationScores {
  readonly accuracy: number;
  readonly loss: number;
}

export interface LabeledEvaluation {
  /** Loss (nats per target token), where it is evaluated, and the task's scores x100; none where no example has a label. */
  readonly scores: Readonly<Record<string, number>>;
  /** Labels, or texts where answers are spans, by idx. */
  readonly predictions: ReadonlyMap<number, TaskLabel>;
  /** By idx the mean score of each label, in the task's order; empty where answers are spans. */
  readonly labelScores: ReadonlyMap<number, Float64Array>;
  /** By idx the spans that answer; empty where answers are labels. */
  readonly spans: ReadonlyMap<number, MarkedSpan>;
}

export interface LabeledEvaluationOptions {
  /** Evaluation sizes by ascending length. */
  readonly shapes: readonly EvaluationShape[];
  readonly score: ScoreRows;
  /** Text of some ids. */
  readonly decode: (ids: Int32Array) => string;
}

/** Mean of a loss over rows that have targets. */
class MeanLoss {
  #sum: number | undefined = 0;
  #targets = 0;

  add({ lossSum, targetCount }: EvaluatedBatch, row: number): void {
    this.#sum = lossSum === undefined || this.#sum === undefined ? undefined : this.#sum + (lossSum[row] ?? Number.NaN);
    this.#targets += targetCount[row] ?? 0;
  }

  /** Undefined where losses are not evaluated, NaN where there was no target. */
  get value(): number | undefined {
    return this.#sum === undefined ? undefined : this.#sum / this.#targets;
  }
}

interface IndexedRow extends TaskRow {
  readonly idx: number;
}

/** Rows are made as they are wanted: all of a long split's at once take hundreds of megabytes. */
function* rowsOf(examples: readonly TaskExample[]): Generator<IndexedRow> {
  for (const { idx, rows } of examples) for (const { x, y } of rows) yield { idx, x, y };
}

/** The label scores of every window of the examples. */
export async function scoreLabels(
  task: ClassificationTask,
  examples: readonly TaskExample[],
  { shapes, score }: Omit<LabeledEvaluationOptions, 'decode'>,
): Promise<{ readonly windows: WindowScores[]; readonly loss: number | undefined }> {
  const labels = task.labels.length;
  const windows: WindowScores[] = [];
  const loss = new MeanLoss();
  await scoreRows(rowsOf(examples), shapes, score, ({ idx }, index, batch, at) => {
    windows[index] = { idx, scores: batch.labelScores.subarray(at * labels, (at + 1) * labels) };
    loss.add(batch, at);
  });
  return { windows, loss: loss.value };
}

/** What the model marks in every window of the examples. */
async function markWindows(
  examples: readonly TaskExample[],
  { shapes, score }: LabeledEvaluationOptions,
): Promise<{ readonly windows: WindowTokens[]; readonly loss: number | undefined }> {
  const windows: WindowTokens[] = [];
  const loss = new MeanLoss();
  await scoreRows(rowsOf(examples), shapes, score, (row, index, batch, at) => {
    if (batch.marks === undefined) throw new Error('evaluation did not mark tokens');
    const { token, logProbability } = batch.marks;
    const begin = at * (token.length / batch.targetCount.length);
    const end = begin + row.x.length;
    windows[index] = {
      idx: row.idx,
      x: row.x,
      token: token.subarray(begin, end),
      logProbability: logProbability.subarray(begin, end),
    };
    loss.add(batch, at);
  });
  return { windows, loss: loss.value };
}

/** Predicts examples from all their windows, and scores those that have labels. */
export async function evaluateLabeled(
  task: ClassificationTask,
  examples: readonly TaskExample[],
  options: LabeledEvaluationOptions,
): Promise<LabeledEvaluation> {
  const scored = (loss: number | undefined, predictions: ReadonlyMap<number, TaskLabel>): Record<string, number> => {
    const scores = taskScores(task, examples, predictions);
    return Object.keys(scores).length === 0 ? {} : { ...(loss !== undefined && { loss }), ...scores };
  };
  if (task.labels.length === 0) {
    const { windows, loss } = await markWindows(examples, options);
    const spans = predictSpans(windows);
    const predictions = new Map(
      Array.from(spans, ([idx, { ids }]) => [idx, options.decode(Int32Array.from(ids)).trim()]),
    );
    return { scores: scored(loss, predictions), predictions, labelScores: new Map(), spans };
  }
  const { windows, loss } = await scoreLabels(task, examples, options);
  const predictions = predictLabels(task, windows);
  const labelScores = averageWindows(windows, task.labels.length);
  return { scores: scored(loss, predictions), predictions, labelScores, spans: new Map() };
}

/**
 * Masked language modeling on the texts of the given indexes: per text the share of masked positions predicted right,
 * averaged (x100). Each text's mask is a function of (seed, its index), so that evaluations compare.
 */
export async function evaluateMlm(
  texts: UnlabeledTexts,
  indexes: ArrayLike<number>,
  seed: number,
  mask: MaskOptions,
  shape: EvaluationShape,
  score: ScoreRows,
): Promise<EvaluationScores> {
  const generator = new RandomGenerator(seed, 'mlmMaskEvaluation');
  const rows = Array.from(indexes, (index): TaskRow => {
    const row = { x: new Int32Array(shape.length), y: new Int32Array(shape.length) };
    const random = generator.restart(seed, 'mlmMaskEvaluation', index);
    maskTokens(texts.read(index), shape.length, random, mask, row.x, row.y, 0);
    return row;
  });
  const shares: number[] = [];
  const loss = new MeanLoss();
  await scoreRows(rows, [shape], score, (_row, _index, batch, at) => {
    shares.push((batch.correctCount?.[at] ?? Number.NaN) / (batch.targetCount[at] ?? 0));
    loss.add(batch, at);
  });
  return { accuracy: 100 * mean(shares), loss: loss.value ?? Number.NaN };
}
