import { describe, expect, it } from 'vitest';
import { stepsToGiveUp } from '../../../src-main/registry/thin-steps.ts';

const steps = (...numbers: number[]) => numbers.map((step) => ({ step, bytes: 10 }));

describe('stepsToGiveUp', () => {
  it('gives up nothing that fits', () => {
    expect(stepsToGiveUp(steps(1, 2, 3), 30)).toEqual([]);
    expect(stepsToGiveUp([], 0)).toEqual([]);
  });

  it('thins evenly and keeps the ends', () => {
    expect(stepsToGiveUp(steps(0, 1, 2, 3, 4, 5, 6, 7, 8), 50)).toEqual([1, 3, 5, 7]);
    expect(stepsToGiveUp(steps(0, 10, 11, 20, 30), 40)).toEqual([11]);
  });

  it('never gives up the first and the last, however little room there is', () => {
    expect(stepsToGiveUp(steps(4, 5, 6, 7), 0)).toEqual([5, 6]);
    expect(stepsToGiveUp(steps(4), 0)).toEqual([]);
  });

  it('keeps a long run evenly spaced however often it thins', () => {
    let kept = steps();
    for (let step = 1; step <= 5000; step += 1) {
      kept.push({ step, bytes: 10 });
      const gone = new Set(stepsToGiveUp(kept, 1000));
      kept = kept.filter((one) => !gone.has(one.step));
      expect(kept.length).toBeLessThanOrEqual(100);
    }
    expect(kept[0]?.step).toBe(1);
    expect(kept.at(-1)?.step).toBe(5000);
    const gaps = kept.slice(1, -1).map(({ step }, i) => step - (kept[i]?.step ?? 0));
    expect(Math.max(...gaps) / Math.min(...gaps)).toBeLessThanOrEqual(2);
    expect(kept.length).toBeGreaterThan(50);
  });
});
