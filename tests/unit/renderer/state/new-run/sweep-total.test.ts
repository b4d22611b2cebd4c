import { describe, expect, it } from 'vitest';
import { configurationsOf, totalOf, wallSeconds } from '../../../../../src-renderer/state/new-run/sweep-total.ts';
import type { Estimate } from '../../../../../src-shared/ipc/contract/configuration.ts';

const estimate = (seconds: number | null, memoryBytes: number): Estimate => ({
  studentParameters: 1,
  teacherParameters: 0,
  memoryBytes,
  seconds,
  checkpointBytes: 1,
  basis: '',
});

describe('what a sweep needs', () => {
  it('asks once for runs that differ in their seed alone', () => {
    const runs = [0, 1, 2].flatMap((seed) => [
      { 'model.layers': 1, seed },
      { 'model.layers': 2, seed },
    ]);
    expect(configurationsOf([...runs, { 'model.layers': 2, seed: 3 }])).toEqual([
      { overrides: { 'model.layers': 1 }, runs: 3 },
      { overrides: { 'model.layers': 2 }, runs: 4 },
    ]);
  });

  it('takes the mean time and the most memory', () => {
    const parts = [
      { estimate: estimate(10, 500), runs: 3 },
      { estimate: estimate(30, 200), runs: 1 },
    ];
    expect(totalOf(parts)).toEqual({ secondsPerRun: 15, memoryBytes: 500 });
    expect(totalOf([...parts, { estimate: estimate(null, 900), runs: 1 }])).toEqual({
      secondsPerRun: null,
      memoryBytes: 900,
    });
    expect(totalOf([])).toEqual({ secondsPerRun: null, memoryBytes: null });
  });

  it('counts the rounds of several at a time', () => {
    expect(wallSeconds(4, 10, 1)).toBe(40);
    expect(wallSeconds(5, 10, 2)).toBe(30);
  });
});
