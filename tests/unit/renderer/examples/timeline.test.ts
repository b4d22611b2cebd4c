import { describe, expect, it } from 'vitest';
import {
  indexAtStep,
  neighbourStop,
  playIntervalMs,
  positionOf,
  unionOfSteps,
} from '../../../../src-renderer/examples/timeline.ts';

describe('the timeline of several runs', () => {
  it('has every kept step once, ascending', () => {
    expect(unionOfSteps([[10, 30], [], [5, 30, 100]])).toEqual([5, 10, 30, 100]);
    expect(unionOfSteps([])).toEqual([]);
  });

  it('finds the place of a step: at it, before it, at the ends', () => {
    const timeline = [5, 10, 30];
    expect([undefined, 30, 99, 29, 10, 5, 1].map((step) => positionOf(timeline, step))).toEqual([2, 2, 2, 1, 1, 0, 0]);
    expect(positionOf([], 4)).toBe(0);
    expect(indexAtStep([], 4)).toBe(-1);
    expect(indexAtStep([4], 4)).toBe(0);
  });

  it('goes to the next stop either way, and no further than the last', () => {
    expect(neighbourStop([5, 10, 30], 10, 1)).toBe(30);
    expect(neighbourStop([5, 10, 30], 10, -1)).toBe(5);
    expect(neighbourStop([5, 10, 30], 12, -1)).toBe(10);
    expect(neighbourStop([5, 10, 30], 30, 1)).toBeUndefined();
  });

  it('plays few steps slowly and many within the eye\u2019s reach', () => {
    expect([1, 100, 10_000].map(playIntervalMs)).toEqual([500, 200, 60]);
  });
});
