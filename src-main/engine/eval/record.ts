import { f1Score } from './macro-f1.ts';
import { mean, missingPrediction } from './predictions.ts';
import type { Predictions } from './predictions.ts';

/** A ReCoRD query and the texts that answer it. */
export interface RecordQuery {
  readonly idx: number;
  readonly answers: readonly { readonly text: string }[];
}

const ASCII_PUNCTUATION = /[!-/:-@[-`{-~]/g;
// `\b` of JavaScript knows only ASCII letters
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** Lower case, without ASCII punctuation and articles, words separated by single spaces. */
export function normalizeAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(ASCII_PUNCTUATION, '')
    .replace(ARTICLES, ' ')
    .split(/\s+/u)
    .filter(Boolean)
    .join(' ');
}

export function isExactMatch(prediction: string, truth: string): boolean {
  return normalizeAnswer(prediction) === normalizeAnswer(truth);
}

/** F1 of the normalised words, counted with repetition; 0 where none is shared. */
export function wordF1(prediction: string, truth: string): number {
  const words = (text: string): string[] => normalizeAnswer(text).split(' ').filter(Boolean);
  const [predicted, gold] = [words(prediction), words(truth)];
  const left = new Map<string, number>();
  for (const word of gold) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of predicted) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared++;
  }
  return f1Score(shared, predicted.length - shared, gold.length - shared);
}

/**
 * Word F1 and exact match, each the best over a query's answers, averaged over queries; 0..1.
 * @throws AppError input/invalid when strict and a prediction is missing
 */
export function recordScores(
  queries: readonly RecordQuery[],
  predictions: Predictions<string>,
  isStrict = true,
): readonly [f1: number, exactMatch: number] {
  const scored = queries.flatMap(({ idx, answers }) => {
    const prediction = predictions.get(idx);
    if (prediction === undefined) {
      if (isStrict) throw missingPrediction(idx);
      return [];
    }
    const f1 = Math.max(...answers.map(({ text }) => wordF1(prediction, text)));
    const exact = Number(answers.some(({ text }) => isExactMatch(prediction, text)));
    return [{ f1, exact }];
  });
  return [mean(scored.map(({ f1 }) => f1)), mean(scored.map(({ exact }) => exact))];
}
