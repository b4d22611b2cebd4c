import { describe, expect, it } from 'vitest';
import { formatCount, formatScore, formatShare, formatValue } from '../../../../src-renderer/format/number.ts';
import {
  briefDescription,
  fineTuningPresets,
  presetRows,
  trainedExamples,
} from '../../../../src-renderer/format/preset.ts';
import { listSettings } from '../../../../src-renderer/format/settings.ts';
import { formatAge, formatBriefDuration, formatDuration } from '../../../../src-renderer/format/time.ts';
import { fateOf } from '../../../../src-shared/run/token-fate.ts';
import { alignTokens, shareChanged, showToken } from '../../../../src-renderer/format/token.ts';
import { presets } from '../../../../src-shared/config/presets/preset.ts';

describe('numbers', () => {
  it.each([
    [2.718281828, '2.718'],
    [0.0025, '0.002500'],
    [-0.1, '−0.1000'],
    [3592.4, '3592'],
    [123456, '123456'],
    [1234567, '1.235e6'],
    [0.00012, '1.2e−4'],
    [0, '0'],
    [NaN, 'NaN'],
    [-Infinity, '−∞'],
    [null, '–'],
  ])('show %d as %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  it('set thousands apart and never round a share up to all', () => {
    expect(formatCount(640_000)).toBe('640\u202f000');
    expect(formatCount(999)).toBe('999');
    expect(formatShare(0.9999)).toBe('99\u202f%');
    expect(formatShare(1)).toBe('100\u202f%');
    expect(formatScore(91.64)).toBe('91.6');
  });
});

describe('times', () => {
  it.each([
    [8.4, '8 s'],
    [125, '2 min 05 s'],
    [4320, '1 h 12 min'],
    [273_600, '3 d 4 h'],
    [-1, '–'],
  ])('show %d s as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [2_000, 'now'],
    [59_000, '59 s'],
    [61_000, '1 min'],
    [7_300_000, '2 h'],
    [200_000_000, '2 d'],
  ])('show an age of %d ms as %s', (ageMs, text) => {
    expect(formatAge(1_000_000, 1_000_000 + ageMs)).toBe(text);
  });

  it('says a length in one unit where room is short', () => {
    expect([40, 119, 121, 5100, 7300, 172_799, 300_000].map(formatBriefDuration)).toEqual([
      '40 s',
      '119 s',
      '2 min',
      '85 min',
      '2 h',
      '48 h',
      '3 d',
    ]);
    expect(formatBriefDuration(Number.NaN)).toBe('–');
  });
});

describe('tokens', () => {
  it('tell what became of each', () => {
    expect(fateOf(' 12', ' 12')).toBe('kept');
    expect(fateOf(' 12', '[MASK]')).toBe('masked');
    expect(fateOf(' 12', '[CLS3]')).toBe('special');
    expect(fateOf('[MASK]', '[MASK]')).toBe('kept');
    expect(fateOf(' 12', ' 13')).toBe('replaced');
  });

  it('stand below each other, a shorter text ending empty', () => {
    const tokens = alignTokens({ xU: ['[CLS0]', '1', ' 2', ' 3'], xHat: ['[CLS0]', '9', ' 2'], yHat: [] });
    expect(tokens.map(({ xHat, xHatFate }) => [xHat, xHatFate])).toEqual([
      ['[CLS0]', 'kept'],
      ['9', 'replaced'],
      [' 2', 'kept'],
      ['', 'replaced'],
    ]);
    expect(shareChanged(tokens)).toBe(0.5);
    expect([showToken('[SEP]'), showToken(' 12'), showToken(' '), showToken(''), showToken('\u0007')]).toEqual([
      'SEP',
      '12',
      '␣',
      '',
      '\\x07',
    ]);
  });
});

describe('presets', () => {
  const views = presets().map(({ name, help, config }) => ({ name, title: name, description: help, config }));

  it('are Two Moons rows with their smoke tests beside them', () => {
    const rows = presetRows(views);
    expect(rows[0]?.full.name).toBe('two-moons-mlm');
    expect(rows[0]?.smoke?.name).toBe('two-moons-mlm-smoke');
    expect(rows.some(({ full }) => full.name.endsWith('-smoke') || full.name === 'text-bench')).toBe(false);
    expect(rows.map(({ full }) => trainedExamples(full.config))[0]).toBe(640_000);
  });

  it('to fine-tune come by number of labels', () => {
    expect(fineTuningPresets(views).map(({ labels }) => labels)).toEqual([10, 20, 40, 80, 160]);
  });

  it('are described without what is said of all of them', () => {
    const [mlm] = views;
    expect(mlm && briefDescription(mlm)).toBe('Masked language modeling (the baseline).');
  });

  it('list every setting by its path', () => {
    expect(listSettings({ a: 1, b: { c: true, d: { e: 'x' } } })).toEqual([
      { path: 'a', value: '1' },
      { path: 'b.c', value: 'true' },
      { path: 'b.d.e', value: 'x' },
    ]);
  });
});
