import type { ClassificationTask } from '../data/tasks/task.ts';

/** The label scores of one window of an example. */
export interface WindowScores {
  readonly idx: number;
  /** One score per label of the task, in its order: mean logit of the label's token over positions, padding counting 0. */
  readonly scores: ArrayLike<number>;
}

/** Scores averaged over each example's windows, by idx. */
export function averageWindows(windows: readonly WindowScores[], labels: number): Map<number, Float64Array> {
  const sums = new Map<number, Float64Array>();
  const counts = new Map<number, number>();
  for (const { idx, scores } of windows) {
    const sum = sums.get(idx) ?? new Float64Array(labels);
    for (let label = 0; label < labels; label++) sum[label] = (sum[label] ?? 0) + (scores[label] ?? 0);
    sums.set(idx, sum);
    counts.set(idx, (counts.get(idx) ?? 0) + 1);
  }
  for (const [idx, sum] of sums) {
    const count = counts.get(idx) ?? 1;
    sums.set(
      idx,
      sum.map((value) => value / count),
    );
  }
  return sums;
}

/** The label with the highest score of each example (the first of equals). */
export function predictLabels<Label>(
  task: ClassificationTask<Label>,
  windows: readonly WindowScores[],
): Map<number, Label> {
  const predictions = new Map<number, Label>();
  for (const [idx, scores] of averageWindows(windows, task.labels.length)) {
    let best = 0;
    for (let label = 1; label < scores.length; label++) {
      if ((scores[label] ?? Number.NaN) > (scores[best] ?? Number.NaN)) best = label;
    }
    const entry = task.labels[best];
    if (entry === undefined) throw new Error(`${task.name} has no labels`);
    predictions.set(idx, entry.label);
  }
  return predictions;
}

/** Probability of the second of two labels when their scores are taken as logits, 0..1. */
export function positiveProbability(scores: ArrayLike<number>): number {
  return 1 / (1 + Math.exp((scores[0] ?? 0) - (scores[1] ?? 0)));
}
