import { describe, expect, it } from 'vitest';
import {
  draftFromQuery,
  emptyDraft,
  holdsDraft,
  queryOfDraft,
  tagList,
  type Draft,
} from '../../../../../src-renderer/state/new-run/draft.ts';

const throughAddress = (draft: Draft): Draft => {
  const search = new URLSearchParams(queryOfDraft(draft)).toString();
  return draftFromQuery(new Map(new URLSearchParams(search)));
};

describe('the draft of a new run in an address', () => {
  it('comes back as it was, with text that is not valid, empty or full of signs', () => {
    const draft: Draft = {
      base: { kind: 'run', runId: '2026-11-22/a&b=c' },
      changes: { seed: '3', objective: 'hard', 'optimizer.learningRate': '', 'model.layers': 'vier & mehr = ?' },
      axes: { 'model.layers': '1, 2, 4', 'optimizer.learningRate': '1e-4..1e-2 x5 log', seed: '' },
      weights: { runId: 'run 7', checkpoint: 'best-accuracy' },
      name: 'Größer, 100 %',
      tags: 'a, b',
    };
    expect(throughAddress(draft)).toEqual(draft);
  });

  it('is short for what is usual', () => {
    expect(queryOfDraft(emptyDraft())).toEqual({ preset: 'two-moons-mlm' });
    const weights = { runId: 'r', checkpoint: 'latest' };
    expect(queryOfDraft({ ...emptyDraft('x'), weights })).toEqual({ preset: 'x', weights: 'r' });
  });

  it('takes the standard preset where none is named, and passes over words that are not its own', () => {
    const query = new Map([
      ['find', 'rate'],
      ['seed', '4'],
    ]);
    expect(draftFromQuery(query)).toEqual({ ...emptyDraft(), changes: { seed: '4' } });
    expect(holdsDraft(query)).toBe(true);
    expect(holdsDraft(new Map([['find', 'rate']]))).toBe(false);
    expect(holdsDraft(new Map([['vary.seed', '0-2']]))).toBe(true);
  });

  it('reads tags without blanks and doubles', () => {
    expect(tagList(' a, b ,,a,c d')).toEqual(['a', 'b', 'c d']);
  });
});
