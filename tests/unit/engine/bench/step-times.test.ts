import { describe, expect, it } from 'vitest';
import { quantile } from '../../../../src-main/engine/bench/step-times.ts';

describe('quantile', () => {
  it('takes the nearest rank of unsorted values', () => {
    const values = [30, 10, 20, 50, 40];
    expect([quantile(values, 0.5), quantile(values, 0.95), quantile(values, 0)]).toEqual([30, 50, 10]);
    expect(quantile([7], 0.5)).toBe(7);
    expect(
      quantile(
        Array.from({ length: 100 }, (_, i) => i + 1),
        0.95,
      ),
    ).toBe(95);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
