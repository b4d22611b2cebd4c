import { describe, expect, it } from 'vitest';
import { bestMatches, matchScore } from '../../../../src-renderer/state/match-command.ts';

const titles = (query: string, ...all: string[]) =>
  bestMatches(
    query,
    all.map((title) => ({ title })),
  ).map((one) => one.title);

describe('what fits a query in the palette', () => {
  it('keeps all, in their order, for an empty query', () => {
    expect(titles('  ', 'Runs', 'Compare')).toEqual(['Runs', 'Compare']);
  });

  it('prefers the beginning of the title, then of a word, then its middle, then a subsequence', () => {
    expect(titles('run', 'Prune', 'New run', 'Runs', 'Restore unused now')).toEqual([
      'Runs',
      'New run',
      'Prune',
      'Restore unused now',
    ]);
  });

  it('wants every word of the query', () => {
    expect(titles('start hard', 'Start Hard labels', 'Start Soft labels')).toEqual(['Start Hard labels']);
    expect(titles('xyz', 'Runs')).toEqual([]);
  });

  it('finds by further words, after every title that fits', () => {
    expect(matchScore('dark', 'Theme: system', 'dark light')).toBeGreaterThan(0);
    expect(matchScore('dark', 'Theme: system', 'dark light')).toBeLessThan(matchScore('dark', 'Theme: dark'));
  });
});
