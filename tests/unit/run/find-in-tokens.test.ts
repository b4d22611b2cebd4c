import { describe, expect, it } from 'vitest';
import { findInTokens } from '../../../src-shared/run/find-in-tokens.ts';

const MOONS = ['[CLS0]', '12', ' 7', ' 12', ' 70', '[MASK]', ' 7', '[SEP]'];

describe('findInTokens', () => {
  it('finds whole numbers, alone and in a row', () => {
    expect(findInTokens(MOONS, '7')).toEqual([2, 6]);
    expect(findInTokens(MOONS, '12')).toEqual([1, 3]);
    expect(findInTokens(MOONS, '7 12')).toEqual([2, 3]);
    expect(findInTokens(MOONS, '2 7')).toEqual([]);
  });

  it('finds special tokens with and without brackets, in either case', () => {
    expect(findInTokens(MOONS, '[MASK]')).toEqual([5]);
    expect(findInTokens(MOONS, 'mask')).toEqual([5]);
    expect(findInTokens(MOONS, '70 [mask] 7')).toEqual([4, 5, 6]);
  });

  it('finds words in pieces, and pieces of words', () => {
    const text = ['The', ' col', 'lapse', ' of', ' the', '  teacher'];
    expect(findInTokens(text, 'collapse')).toEqual([1, 2]);
    expect(findInTokens(text, 'THE')).toEqual([0, 4]);
    expect(findInTokens(text, 'aps')).toEqual([2]);
    expect(findInTokens(text, 'the   teacher')).toEqual([4, 5]);
  });

  it('finds nothing for nothing', () => {
    expect(findInTokens(MOONS, '  ')).toEqual([]);
    expect(findInTokens([], 'a')).toEqual([]);
    expect(findInTokens(['É'], 'é')).toEqual([0]);
  });
});
