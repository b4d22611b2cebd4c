import type { Comparison } from '../comparison.ts';
import { encodedTasks } from './encoded-tasks.ts';
import { encodedTexts } from './encoded-texts.ts';
import { metricScoresOf } from './metric-scores.ts';
import { predictedTasks } from './predicted-tasks.ts';
import { TextFixtures } from './text-fixtures.ts';
import { tokenizedTexts } from './tokenized-texts.ts';

/** Folders of a fixtures' folder that are computed here; no executor takes part. */
export const TEXT_CASES = ['encode', 'tokenizer', 'metrics'] as const;

/**
 * Recomputes recorded encodings, tokens, predictions and scores, whichever files there are.
 * @throws AppError file/invalid when a file is broken, file/not-found when a tokenizer is missing that a file needs
 */
export async function textParity(fixturesDir: string, report: (lines: readonly Comparison[]) => void): Promise<void> {
  const fixtures = new TextFixtures(fixturesDir);
  report(await tokenizedTexts(fixtures));
  report(await encodedTasks(fixtures));
  report(await encodedTexts(fixtures));
  report(await predictedTasks(fixtures));
  report(metricScoresOf(fixtures));
}
