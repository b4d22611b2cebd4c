import { matchPredictions, mean } from './predictions.ts';
import type { LabeledIdx, Predictions } from './predictions.ts';

/** 2 tp / (2 tp + fp + fn); 0 where there is nothing to find and nothing found. */
export function f1Score(truePositives: number, falsePositives: number, falseNegatives: number): number {
  const denominator = 2 * truePositives + falsePositives + falseNegatives;
  return denominator === 0 ? 0 : (2 * truePositives) / denominator;
}

/**
 * F1 averaged over all labels that occur as truth or prediction (scikit-learn's f1_score with average="macro"), 0..1.
 * @throws AppError input/invalid when strict and a prediction is missing
 */
export function macroF1<Label>(
  examples: readonly LabeledIdx<Label>[],
  predictions: Predictions<Label>,
  isStrict = true,
): number {
  const pairs = matchPredictions(examples, predictions, isStrict);
  const labels = new Set(pairs.flatMap(({ truth, predicted }) => [truth, predicted]));
  return mean(
    [...labels].map((label) => {
      const count = (test: (truth: boolean, predicted: boolean) => boolean): number =>
        pairs.filter(({ truth, predicted }) => test(truth === label, predicted === label)).length;
      return f1Score(
        count((truth, predicted) => truth && predicted),
        count((truth, predicted) => !truth && predicted),
        count((truth, predicted) => truth && !predicted),
      );
    }),
  );
}
