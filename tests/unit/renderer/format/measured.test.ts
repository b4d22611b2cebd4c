import { describe, expect, it } from 'vitest';
import { formatMeasured, measure } from '../../../../src-renderer/format/measured.ts';

describe('figures over seeds', () => {
  it('measures mean and sample standard deviation of what is finite', () => {
    expect(measure([2, 4, 9])).toEqual({ value: 5, std: Math.sqrt(13), count: 3 });
    expect(measure([2, NaN, 4, undefined, null])).toEqual({ value: 3, std: Math.SQRT2, count: 2 });
    expect(measure([7, undefined])).toEqual({ value: 7, std: undefined, count: 1 });
    expect(measure([NaN])).toEqual({ value: NaN, std: undefined, count: 0 });
    expect(measure([undefined, null])).toBeUndefined();
  });

  const shown = (value: number, std: number | undefined, format: 'score' | 'value' | 'count' = 'score') => {
    const text = formatMeasured({ value, std, count: std === undefined ? 1 : 3 }, format);
    return text.std === undefined ? text.value : `${text.value} ± ${text.std}`;
  };

  it('writes no digit that the spread makes meaningless', () => {
    expect(shown(61.4182, 1.234)).toBe('61.4 ± 1.2');
    expect(shown(61.4182, 3.21)).toBe('61 ± 3');
    expect(shown(61.4182, 12.9)).toBe('61 ± 13');
    expect(shown(0.123456, 0.00042)).toBe('0.1235 ± 0.0004');
    expect(shown(0.123456, 0.00014)).toBe('0.12346 ± 0.00014');
    expect(shown(-1.5, 0.26)).toBe('\u22121.5 ± 0.3');
    expect(shown(50, 0)).toBe('50.0 ± 0');
  });

  it('writes a single value by its kind, and says what is not finite', () => {
    expect(shown(61.4182, undefined)).toBe('61.4');
    expect(shown(2.71828, undefined, 'value')).toBe('2.718');
    expect(shown(640, undefined, 'count')).toBe('640');
    expect(shown(NaN, undefined, 'count')).toBe('NaN');
    expect(shown(1.5e-5, 2e-9, 'value')).toBe('1.5e\u22125 ± 2e\u22129');
  });
});
