import { describe, expect, it } from 'vitest';
import { compare, TOLERANCES } from '../../../../src-main/engine/parity/comparison.ts';

const where = { case: 'a case', variant: 'a variant' };

describe('compare', () => {
  it('measures the whole tensor', () => {
    const comparison = compare(where, 'q', [1, 2.5, -4], [1, 2, -4], TOLERANCES.weights);
    expect(comparison).toMatchObject({ maxAbsolute: 0.5, maxRelative: 0.25, within: false, count: 3 });
    expect(comparison.relativeL2).toBeCloseTo(0.5 / Math.sqrt(21), 12);
  });

  it('takes errors up to the limit and no further', () => {
    const tolerance = { measure: 'absolute', limit: 0.25 } as const;
    expect(compare(where, 'q', [1.25], [1], tolerance).within).toBe(true);
    expect(compare(where, 'q', [1.2501], [1], tolerance).within).toBe(false);
  });

  it('uses the measure of its tolerance', () => {
    expect(compare(where, 'q', [1000.01], [1000], { measure: 'relative', limit: 2e-5 }).within).toBe(true);
    expect(compare(where, 'q', [1000.01], [1000], { measure: 'absolute', limit: 2e-5 }).within).toBe(false);
    expect(compare(where, 'q', [3, 5e-6], [3, 0], { measure: 'relativeL2', limit: 1e-5 }).within).toBe(true);
    expect(compare(where, 'q', [3, 5e-6], [3, 0], { measure: 'relative', limit: 1e-5 }).within).toBe(false);
  });

  it('is never within a tolerance with NaN, another length or nothing at all', () => {
    const tolerance = { measure: 'absolute', limit: Infinity } as const;
    expect(compare(where, 'q', [Number.NaN], [1], tolerance).within).toBe(false);
    expect(compare(where, 'q', [1], [Number.NaN], tolerance).within).toBe(false);
    expect(compare(where, 'q', [1, 2], [1], tolerance).within).toBe(false);
    expect(compare(where, 'q', [], [1], tolerance).within).toBe(false);
    expect(compare(where, 'q', [], [], tolerance).within).toBe(false);
  });
});
