import { describe, expect, it } from 'vitest';
import { planQueue } from '../../../../../src-renderer/state/queue/planned-starts.ts';

describe('the plan of a queue', () => {
  it('starts each run when the one before it ends, one at a time', () => {
    expect(planQueue([30], [10, 20, 5], 1)).toEqual({ starts: [30, 40, 60], end: 65 });
    expect(planQueue([], [10], 1)).toEqual({ starts: [0], end: 10 });
    expect(planQueue([], [], 1)).toEqual({ starts: [], end: 0 });
  });

  it('starts as soon as any of several engines is free', () => {
    expect(planQueue([30, 100], [10, 20, 5], 2)).toEqual({ starts: [30, 40, 60], end: 100 });
    expect(planQueue([30], [10, 20], 3)).toEqual({ starts: [0, 0], end: 30 });
  });

  it('waits for all but one where fewer may run than do', () => {
    expect(planQueue([10, 20, 30], [5], 1)).toEqual({ starts: [30], end: 35 });
  });

  it('knows nothing behind a run of unknown length, but around it what it can', () => {
    expect(planQueue([null], [10, 20], 1)).toEqual({ starts: [null, null], end: null });
    expect(planQueue([null, 30], [10, null, 5], 2)).toEqual({ starts: [30, 40, null], end: null });
  });
});
