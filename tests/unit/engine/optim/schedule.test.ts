import { describe, expect, it } from 'vitest';
import { learningRateAt } from '../../../../src-main/engine/optim/schedule.ts';

const forever = { learningRate: 0.08, warmupSteps: 100, decayPower: -0.5, decayForever: true };

describe('learningRateAt', () => {
  it('warms up linearly to lr * W^p, then decays with n^p', () => {
    expect(learningRateAt(forever, 100, 0)).toBeCloseTo(0.008, 15);
    expect(learningRateAt(forever, 25, 0)).toBeCloseTo(0.002, 15);
    expect(learningRateAt(forever, 400, 0)).toBeCloseTo(0.004, 15);
  });

  it('starts at the full rate without a warm-up', () => {
    expect(learningRateAt({ ...forever, warmupSteps: 0 }, 1, 0)).toBe(0.08);
  });

  it('falls to 0 at the last step and stays there when it does not decay forever', () => {
    const ending = { ...forever, decayForever: false };
    const rates = Array.from({ length: 300 }, (_unused, i) => learningRateAt(ending, i + 1, 250));
    expect(rates.slice(249)).toEqual(Array<number>(51).fill(0));
    expect(Math.min(...rates.slice(100, 249))).toBeGreaterThan(0);
    for (let n = 100; n < 249; n++) expect(rates[n]).toBeLessThan(rates[n - 1] ?? 0);
  });
});
