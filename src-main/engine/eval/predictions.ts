import { AppError } from '../../../src-shared/app-error.ts';

/** What a model answers, by example idx. */
export type Predictions<Label> = ReadonlyMap<number, Label>;

export interface LabeledIdx<Label> {
  readonly idx: number;
  readonly label: Label;
}

/**
 * Pairs each example's label with its prediction. Where one is missing, `isStrict` refuses and otherwise the example is
 * left out; predictions for unknown examples are ignored.
 * @throws AppError input/invalid
 */
export function matchPredictions<Label>(
  examples: readonly LabeledIdx<Label>[],
  predictions: Predictions<Label>,
  isStrict: boolean,
): { readonly truth: Label; readonly predicted: Label }[] {
  return examples.flatMap(({ idx, label }) => {
    const predicted = predictions.get(idx);
    if (predicted !== undefined) return [{ truth: label, predicted }];
    if (isStrict) throw missingPrediction(idx);
    return [];
  });
}

export function missingPrediction(idx: number): AppError {
  return new AppError(
    'input/invalid',
    `There is no prediction for example ${idx}; every example of the split needs one.`,
    {
      idx,
    },
  );
}

/** NaN for no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
