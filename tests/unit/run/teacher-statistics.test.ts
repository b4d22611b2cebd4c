import { describe, expect, it } from 'vitest';
import { collapseMessage, collapseOf, type StepStatistics } from '../../../src-shared/run/teacher-collapse.ts';
import { fateShares, teacherStatistics } from '../../../src-shared/run/teacher-statistics.ts';

const entropy = { x: 1.5, y: NaN };

describe('teacherStatistics', () => {
  it('counts what became of the tokens, and what was written instead', () => {
    const { x, y, textTopShare } = teacherStatistics(
      [
        { xU: ['[CLS0]', ' 1', ' 2', ' 2'], xHat: ['[CLS0]', '[MASK]', ' 9', '[SEP]'], yHat: [' 5', ' 5', ' 5', ' 5'] },
        { xU: [' 3', ' 4', ' 5', ' 6'], xHat: [' 3', ' 4', ' 5', ' 6'], yHat: [' 5', ' 5', ' 5', ' 5'] },
      ],
      entropy,
    );
    expect(x).toMatchObject({ kept: 5 / 8, masked: 1 / 8, replaced: 1 / 8, special: 1 / 8, distinct: 8 });
    expect(x.tokenEntropy).toBeCloseTo(Math.log(8));
    expect(x.teacherEntropy).toBe(1.5);
    expect(y).toMatchObject({ kept: 1 / 8, distinct: 1, topToken: ' 5', topShare: 1, tokenEntropy: 0 });
    expect(Object.is(y.tokenEntropy, 0)).toBe(true);
    expect(y.teacherEntropy).toBeNaN();
    expect(textTopShare).toBe(2 / 8);
  });

  it('says nothing of nothing', () => {
    expect(teacherStatistics([], entropy).x).toMatchObject({ kept: 0, distinct: 0, topShare: 0, tokenEntropy: 0 });
    expect(fateShares([], [])).toEqual({ kept: 0, masked: 0, replaced: 0, special: 0 });
  });
});

const TEXT = Array.from({ length: 20 }, (_, i) => ` ${i}`);
const STATES = {
  healthy: TEXT.map((token, i) => (i % 4 === 0 ? '[MASK]' : token)),
  same: TEXT.map(() => ' 7'),
  masked: TEXT.map(() => '[MASK]'),
  random: TEXT.map((_, i) => ` ${i + 30}`),
};

function steps(states: readonly (keyof typeof STATES)[], yHat = TEXT): StepStatistics[] {
  return states.map((state, i) => ({
    step: 10 * (i + 1),
    examplesSeen: 100 * (i + 1),
    statistics: teacherStatistics([{ xU: TEXT, xHat: STATES[state], yHat }], entropy),
  }));
}

describe('collapseOf', () => {
  it('sees a teacher that wrote well and then one token everywhere', () => {
    const collapse = collapseOf(steps(['random', 'healthy', 'same', 'same', 'same']), 100_000);
    expect(collapse).toEqual({ head: 'x', sign: 'same-token', since: 30, share: 1, token: ' 7' });
    if (collapse === undefined) throw new Error('unreachable');
    expect(collapseMessage(collapse)).toMatch(/since step 30 it writes '7' at 100 % of the positions of x̂/);
  });

  it('waits for three steps in a row, whatever the sign', () => {
    expect(collapseOf(steps(['healthy', 'same', 'same']), 1000)).toBeUndefined();
    expect(collapseOf(steps(['healthy', 'same', 'healthy', 'same', 'same']), 1000)).toBeUndefined();
    expect(collapseOf(steps(['healthy', 'same', 'random', 'masked']), 1000)).toMatchObject({
      sign: 'masks',
      since: 20,
    });
  });

  it('gives a teacher that has only begun time to learn', () => {
    const fromStart = steps(Array.from({ length: 12 }, () => 'random' as const));
    expect(collapseOf(fromStart, 100_000)).toBeUndefined();
    expect(collapseOf(fromStart.slice(0, 4), 400)).toBeUndefined();
    expect(collapseOf(fromStart, 10_000)).toMatchObject({ sign: 'replaces', since: 10 });
  });

  it('looks at both heads', () => {
    const written = steps(['healthy', 'healthy', 'healthy', 'healthy']).map((step, i) =>
      i === 0 ? step : (steps(['healthy'], STATES.same).map(({ statistics }) => ({ ...step, statistics }))[0] ?? step),
    );
    expect(collapseOf(written, 1000)).toMatchObject({ head: 'y', sign: 'same-token', since: 20 });
  });

  it('finds nothing in nothing, nor in texts of one token', () => {
    expect(collapseOf([], 10)).toBeUndefined();
    const text = TEXT.map(() => ' 7');
    const copied = teacherStatistics([{ xU: text, xHat: text, yHat: text }], entropy);
    const row = [1, 2, 3].map((step) => ({ step, examplesSeen: step, statistics: copied }));
    expect(collapseOf(row, 3)).toBeUndefined();
  });
});
