import { expect, it } from 'vitest';
import type { Comparison } from '../../src-main/engine/parity/comparison.ts';
import { textParity } from '../../src-main/engine/parity/text/text-parity.ts';
import { FIXTURES } from './check-parity.ts';

it('recorded encodings, tokens, predictions and scores are reproduced exactly', async () => {
  const comparisons: Comparison[] = [];
  await textParity(FIXTURES, (lines) => comparisons.push(...lines));
  expect(comparisons.filter((one) => !one.within)).toEqual([]);
  const counts = Object.groupBy(comparisons, (one) => one.case);
  expect(Object.keys(counts).sort()).toEqual(['encode', 'metrics', 'tokenizer']);
  expect(counts['encode']?.length).toBeGreaterThan(130);
  expect(counts['tokenizer']?.length).toBeGreaterThan(17);
  expect(counts['metrics']?.length).toBeGreaterThan(8);
  // every number and every character counts
  expect(comparisons.reduce((sum, one) => sum + one.count, 0)).toBeGreaterThan(200_000);
});
