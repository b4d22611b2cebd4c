import { emptyIds } from '../data/batch-source.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import { maskTokens } from '../data/mlm-mask.ts';
import type { MaskOptions } from '../data/mlm-mask.ts';
import type { ClassificationTask, TaskExample, TaskRow } from '../data/tasks/task.ts';
import type { UnlabeledTexts } from '../data/training-data.ts';
import type { EvaluatedBatch } from '../objectives/objective.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { accuracy } from './accuracy.ts';
import { predictLabels } from './label-prediction.ts';
import type { WindowScores } from './label-prediction.ts';
import { mean } from './predictions.ts';

/** Scores one batch of at most `rows` rows with the present weights, dropout off. */
export type ScoreRows = (x: IdMatrix, y: IdMatrix) => Promise<EvaluatedBatch>;

/** Rows per call and their length. */
export interface EvaluationShape {
  readonly rows: number;
  readonly length: number;
}

/** Accuracy x100, and nats per target token. */
export interface EvaluationScores {
  readonly accuracy: number;
  readonly loss: number;
}

export interface LabeledEvaluation extends EvaluationScores {
  readonly predictions: ReadonlyMap<number, unknown>;
}

/** Scores every row in order, `shape.rows` at a time, and hands each row's numbers to `take`. */
async function scoreRows(
  rows: readonly TaskRow[],
  shape: EvaluationShape,
  score: ScoreRows,
  take: (row: number, batch: EvaluatedBatch, rowOfBatch: number) => void,
): Promise<void> {
  for (let begin = 0; begin < rows.length; begin += shape.rows) {
    const part = rows.slice(begin, begin + shape.rows);
    const x = emptyIds(part.length, shape.length);
    const y = emptyIds(part.length, shape.length);
    part.forEach((row, at) => {
      x.ids.set(row.x, at * shape.length);
      y.ids.set(row.y, at * shape.length);
    });
    const batch = await score(x, y);
    for (let at = 0; at < part.length; at++) take(begin + at, batch, at);
  }
}

/** The label scores of every window of the examples. */
export async function scoreLabels(
  task: ClassificationTask,
  examples: readonly TaskExample[],
  shape: EvaluationShape,
  score: ScoreRows,
): Promise<{ readonly windows: WindowScores[]; readonly loss: number }> {
  const rows = examples.flatMap((example) => example.rows.map((row) => ({ ...row, idx: example.idx })));
  const labels = task.labels.length;
  const windows: WindowScores[] = [];
  let [lossSum, targets] = [0, 0];
  await scoreRows(rows, shape, score, (row, batch, at) => {
    windows.push({ idx: rows[row]?.idx ?? -1, scores: batch.labelScores.subarray(at * labels, (at + 1) * labels) });
    lossSum += batch.lossSum[at] ?? Number.NaN;
    targets += batch.targetCount[at] ?? 0;
  });
  return { windows, loss: lossSum / targets };
}

/** Scores of labeled examples (all windows); examples without labels are predicted and leave accuracy and loss NaN. */
export async function evaluateLabeled(
  task: ClassificationTask,
  examples: readonly TaskExample[],
  shape: EvaluationShape,
  score: ScoreRows,
): Promise<LabeledEvaluation> {
  const { windows, loss } = await scoreLabels(task, examples, shape, score);
  const predictions = predictLabels(task, windows);
  const labeled = examples.flatMap(({ idx, label }) => (label === undefined ? [] : [{ idx, label }]));
  return { accuracy: 100 * accuracy(labeled, predictions), loss, predictions };
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
  let [lossSum, targets] = [0, 0];
  await scoreRows(rows, shape, score, (_row, batch, at) => {
    const count = batch.targetCount[at] ?? 0;
    shares.push((batch.correctCount[at] ?? 0) / count);
    lossSum += batch.lossSum[at] ?? Number.NaN;
    targets += count;
  });
  return { accuracy: 100 * mean(shares), loss: lossSum / targets };
}
