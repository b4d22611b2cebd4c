import { describe, expect, it } from 'vitest';
import { compareKinds, exportFolderName, kindAtStep, kindLabel } from '../../../src-shared/run/checkpoint-kind.ts';
import { chooseCheckpoint } from '../../../src-shared/run/choose-checkpoint.ts';

describe('checkpoint kinds', () => {
  it('stand in the order latest, best by metric, kept ones from the newest back', () => {
    const kinds = ['step-900', 'best-loss', 'step-1200', 'best-accuracy', 'latest'];
    expect(kinds.toSorted(compareKinds)).toEqual(['latest', 'best-accuracy', 'best-loss', 'step-1200', 'step-900']);
  });

  it('are said in words', () => {
    expect(['latest', 'best-accuracy', 'best-MLM', kindAtStep(1200)].map(kindLabel)).toEqual([
      'Latest',
      'Best accuracy',
      'Best MLM accuracy',
      'Step 1200',
    ]);
  });

  it('make names of folders that every system takes', () => {
    expect(exportFolderName('Two Moons, hard / seed 1', 'best-accuracy', 40)).toBe(
      'Two-Moons-hard-seed-1-best-accuracy-step-40',
    );
    expect(exportFolderName('../..', 'latest', 7)).toBe('run-latest-step-7');
    expect(exportFolderName('x', 'step-7', 7)).toBe('x-step-7');
  });
});

describe('chooseCheckpoint', () => {
  const has = [
    { kind: 'best-loss', step: 20 },
    { kind: 'latest', step: 40 },
    { kind: 'step-30', step: 30 },
  ];

  it.each([
    ['latest', 'latest'],
    ['best:loss', 'best-loss'],
    ['best-loss', 'best-loss'],
    ['30', 'step-30'],
    ['step-30', 'step-30'],
    ['40', 'latest'],
    ['20', 'best-loss'],
  ])('%s means %s', (text, kind) => {
    expect(chooseCheckpoint(has, text).kind).toBe(kind);
  });

  it('says what there is where there is none', () => {
    const there = 'it has latest (step 40), best:loss (step 20), step-30 (step 30)';
    expect(() => chooseCheckpoint(has, 'best:acc')).toThrow(`The run has no checkpoint 'best:acc': ${there}.`);
    expect(() => chooseCheckpoint(has, '4')).toThrow(/no checkpoint '4'/);
    expect(() => chooseCheckpoint([], 'latest')).toThrow(/it has none yet/);
  });
});
