import { describe, expect, it } from 'vitest';
import { accuracy } from '../../../../src-main/engine/eval/accuracy.ts';
import { multiRcScores } from '../../../../src-main/engine/eval/multirc.ts';
import { normalizeAnswer, recordScores } from '../../../../src-main/engine/eval/record.ts';

// scores of recorded predictions are compared in tests/parity/texts.test.ts

describe('metrics', () => {
  it('take articles and words beyond ASCII for what they are', () => {
    expect(normalizeAnswer('éa thé a')).toBe('éa thé');
  });

  it('refuse missing predictions when strict', () => {
    const examples = [{ idx: 4, label: 1 }];
    expect(() => accuracy(examples, new Map())).toThrow(/no prediction for example 4/);
    expect(() => multiRcScores([{ answers: examples }], new Map())).toThrow(/example 4/);
    expect(() => recordScores([{ idx: 4, answers: [{ text: 'a' }] }], new Map())).toThrow(/example 4/);
  });
});
