import { describe, expect, it } from 'vitest';
import { median, verdict, worst } from '../../bench/measurements.ts';

const measured = (values: number[], atLeast = false) => ({ name: '', unit: '', how: '', budget: 10, atLeast, values });

describe('measurements', () => {
  it('have a middle and a worst value', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
    expect(worst(measured([3, 12, 5]))).toBe(12);
    expect(worst(measured([3, 12, 5], true))).toBe(3);
  });

  it('keep a budget, keep it mostly, or break it', () => {
    expect(verdict(measured([9, 10]))).toBe('kept');
    expect(verdict(measured([1, 2, 30]))).toBe('kept by the median');
    expect(verdict(measured([1, 20, 30]))).toBe('broken');
    expect(verdict(measured([20, 12], true))).toBe('kept');
    expect(verdict(measured([NaN]))).toBe('broken');
  });
});
