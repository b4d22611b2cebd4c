import { matchPredictions, mean } from './predictions.ts';
import type { LabeledIdx, Predictions } from './predictions.ts';

/**
 * Share of right predictions, 0..1; NaN for no examples.
 * @throws AppError input/invalid when strict and a prediction is missing
 */
export function accuracy<Label>(
  examples: readonly LabeledIdx<Label>[],
  predictions: Predictions<Label>,
  isStrict = true,
): number {
  return mean(
    matchPredictions(examples, predictions, isStrict).map(({ truth, predicted }) => Number(truth === predicted)),
  );
}
