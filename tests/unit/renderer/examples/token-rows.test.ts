import { describe, expect, it } from 'vitest';
import { cellWidth, groupTexts, linesOf, shareNew, shortToken } from '../../../../src-renderer/examples/token-rows.ts';
import type { StepOfRun } from '../../../../src-shared/ipc/contract/teacher-examples.ts';

const xU = ['[CLS0]', '12', ' 7'];
function run(runId: string, xHat: string[], before: string[] | null, textsKey = 'moons'): StepOfRun {
  const text = { textIndex: 4, xU, xHat, yHat: xU, before: before && { xHat: before, yHat: xU } };
  return { runId, step: 20, previousStep: before && 10, textsKey, feedback: null, texts: [text] };
}
const nobody = (): boolean => false;

describe('groupTexts', () => {
  it('puts what each run wrote below the text, with its fate and what is new', () => {
    const [group] = groupTexts(
      [run('a', ['[CLS0]', '[MASK]', ' 9'], ['[CLS0]', '[MASK]', ' 7']), run('b', xU, null)],
      '',
      (runId) => runId === 'b',
    );
    expect(group?.runIds).toEqual(['a', 'b']);
    const rows = group?.texts[0]?.rows ?? [];
    expect(rows.map(({ runId, head }) => [runId, head])).toEqual([
      [undefined, 'u'],
      ['a', 'x'],
      ['a', 'y'],
      ['b', 'x'],
    ]);
    expect(rows[1]?.tokens.map(({ text, fate, isNew }) => [text, fate, isNew])).toEqual([
      ['C0', 'kept', false],
      ['M', 'masked', false],
      ['9', 'replaced', true],
    ]);
    expect(rows[1]?.tokens[2]?.title).toBe('position 3: 7 → 9 (replaced, before: 7)');
    expect(rows[3]?.tokens.some(({ isNew }) => isNew)).toBe(false);
  });

  it('keeps runs apart that wrote for different texts', () => {
    const groups = groupTexts([run('a', xU, null), run('b', xU, null, 'other'), run('c', xU, null)], '', nobody);
    expect(groups.map(({ runIds }) => runIds)).toEqual([['a', 'c'], ['b']]);
  });

  it('marks what is searched for, wherever it stands', () => {
    const search = (text: string) => groupTexts([run('a', [' 1', ' 2', ' 3'], null)], text, nobody)[0]?.texts[0];
    expect(search('2 3')?.rows.map(({ tokens }) => tokens.map(({ isFound }) => isFound))[1]).toEqual([
      false,
      true,
      true,
    ]);
    expect(search('12')?.rows[0]?.tokens[1]?.isFound).toBe(true);
    expect(search('99')?.isFound).toBe(false);
  });

  it('spells special tokens out beside words', () => {
    const words = { ...run('a', ['[MASK]', ' teacher', ' writes'], null) };
    const [text] = words.texts;
    const group = groupTexts(
      [{ ...words, texts: text === undefined ? [] : [{ ...text, xU: ['[CLS0]', ' teacher', ' writes'] }] }],
      '',
      nobody,
    )[0];
    expect(group?.isTerse).toBe(false);
    expect(group?.texts[0]?.rows[1]?.tokens[0]?.text).toBe('MASK');
    expect(shortToken('[CLS12]')).toBe('C12');
    expect(shortToken(' 47')).toBe('47');
  });
});

describe('shareNew', () => {
  it('is the share of tokens that were written otherwise before', () => {
    expect(shareNew(run('a', ['[CLS0]', '1', ' 7'], xU).texts, 'x')).toBeCloseTo(1 / 3);
    expect(shareNew(run('a', xU, xU).texts, 'y')).toBe(0);
    expect(shareNew(run('a', xU, null).texts, 'x')).toBeUndefined();
    expect(shareNew([], 'x')).toBeUndefined();
  });
});

describe('lines of tokens', () => {
  it('fill the width and leave nothing out', () => {
    expect(linesOf(34, 17)).toEqual([
      [0, 17],
      [17, 34],
    ]);
    expect(linesOf(5, 4)).toEqual([
      [0, 4],
      [4, 5],
    ]);
    expect(linesOf(0, 4)).toEqual([]);
    expect(linesOf(3, 0)).toHaveLength(3);
  });

  it('have cells for nearly every token, never too narrow or wide', () => {
    const texts = groupTexts([run('a', xU, null)], '', nobody)[0]?.texts ?? [];
    expect(cellWidth(texts)).toBe(29);
    expect(cellWidth([])).toBe(29);
  });
});
