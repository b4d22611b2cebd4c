import { f1Score } from './macro-f1.ts';
import { mean, missingPrediction } from './predictions.ts';
import type { Predictions } from './predictions.ts';

/** A MultiRC question: its answers, each right (1) or wrong (0). */
export interface MultiRcQuestion {
  readonly answers: readonly { readonly idx: number; readonly label: number }[];
}

/**
 * F1 of the right answers over all answers, and the share of questions whose answers are all judged right; 0..1 each.
 * Without `isStrict`, answers without a prediction are left out of F1 and spoil their question's exact match.
 * @throws AppError input/invalid when strict and a prediction is missing
 */
export function multiRcScores(
  questions: readonly MultiRcQuestion[],
  predictions: Predictions<number>,
  isStrict = true,
): readonly [f1a: number, exactMatch: number] {
  let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
  const matches = questions.map(({ answers }) => {
    let isMatch = true;
    for (const { idx, label } of answers) {
      const predicted = predictions.get(idx);
      if (predicted === undefined && isStrict) throw missingPrediction(idx);
      if (predicted !== label) isMatch = false;
      if (predicted === undefined) continue;
      if (predicted === 1 && label === 1) truePositives++;
      if (predicted === 1 && label !== 1) falsePositives++;
      if (predicted !== 1 && label === 1) falseNegatives++;
    }
    return Number(isMatch);
  });
  return [f1Score(truePositives, falsePositives, falseNegatives), mean(matches)];
}
