import { describe, expect, it } from 'vitest';
import { axisText, axisValues, firstAxis, parseAxis } from '../../../../../src-renderer/state/new-run/axis.ts';
import { DOCUMENTED_FIELDS } from '../../../../../src-shared/config/field-documentation.ts';
import { preset } from '../../../../../src-shared/config/presets/preset.ts';

const config = preset('two-moons-mlm');
const fieldOf = (path: string) => DOCUMENTED_FIELDS.find((one) => one.path === path)!;
const values = (path: string, text: string) => axisValues(fieldOf(path), config, text);
const RATE = 'optimizer.learningRate';

describe('an axis of a sweep', () => {
  it('is a list, each value once, in its order', () => {
    expect(values(RATE, '1e-4, 3e-4 1e-3;0.0001')).toEqual({ values: [1e-4, 3e-4, 1e-3] });
    expect(values('model.preNorm', 'true, false')).toEqual({ values: [true, false] });
    expect(values('model.activation', 'relu')).toEqual({ values: ['relu'] });
  });

  it('counts through whole numbers, and only those', () => {
    expect(values('seed', '0-3, 10')).toEqual({ values: [0, 1, 2, 3, 10] });
    expect(values(RATE, '0-3')).toEqual({ problem: expect.stringContaining('Expected a number') as string });
    expect(values('seed', '5-2')).toHaveProperty('problem');
    expect(values('seed', '0-200')).toHaveProperty('problem');
  });

  it('is a range with even steps, its ends exact', () => {
    expect(values(RATE, '0.1..0.3 x5')).toEqual({ values: [0.1, 0.15, 0.2, 0.25, 0.3] });
    expect(values('model.layers', '1..4 x3')).toEqual({ values: [1, 3, 4] });
  });

  it('is a range with even ratios', () => {
    expect(values(RATE, '1e-4..1e-2 x3 log')).toEqual({ values: [1e-4, 1e-3, 1e-2] });
    expect(values(RATE, '1..10 x4 log')).toEqual({ values: [1, 2.154, 4.642, 10] });
    expect(values(RATE, '0..1 x3 log')).toEqual({ problem: expect.stringContaining('above 0') as string });
  });

  it('says what is missing or out of range, naming the value', () => {
    expect(values(RATE, '')).toEqual({ problem: 'Expected at least one value.' });
    expect(values(RATE, '0.1, -1')).toEqual({
      problem: '-1: Expected a number, 0 < value <= 100, got -1.',
    });
    expect(values(RATE, '1.. x5')).toHaveProperty('problem');
    expect(values(RATE, '1..2 x1')).toHaveProperty('problem');
    expect(values(RATE, '1..2 xlots')).toHaveProperty('problem');
    expect(values('model.preNorm', '0..1 x2')).toHaveProperty('problem');
    expect(values('model.layers', '40..60 x2')).toEqual({
      problem: '60: Expected an integer, 1 to 48, got 60.',
    });
  });

  it.each(['1e-4, 3e-4', '', '1e-4..1e-2 x5 log', '0.1..0.5 x3', '..2 x', '1.. x log'])(
    'reads and writes "%s" alike',
    (text) => {
      expect(axisText(parseAxis(text))).toBe(text);
    },
  );

  it('keeps what is not filled in yet apart', () => {
    expect(parseAxis('1.. x log')).toEqual({ kind: 'range', from: '1', to: '', steps: '', scale: 'log' });
  });

  it('starts from all choices, or from the present value', () => {
    expect(firstAxis(fieldOf('model.activation'), 'gelu')).toBe('gelu, relu');
    expect(firstAxis(fieldOf('model.preNorm'), true)).toBe('true, false');
    expect(firstAxis(fieldOf(RATE), 0.08)).toBe('0.08');
    expect(values('seed', firstAxis(fieldOf('seed'), 4))).toEqual({ values: [4, 5, 6] });
  });
});
