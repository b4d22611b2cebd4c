import { beforeEach, describe, expect, it } from 'vitest';
import { addEvent } from '../../../src-main/registry/events.ts';
import { appendMetrics } from '../../../src-main/registry/metrics.ts';
import type { Registry } from '../../../src-main/registry/open-registry.ts';
import { readRunClock } from '../../../src-main/registry/run-clock.ts';
import { registryWithRun, RUN } from './sample-run.ts';

let db: Registry;
beforeEach(() => {
  db = registryWithRun();
});

function happened(kind: string, atMs: number): void {
  addEvent(db, { runId: RUN, atMs, kind, message: kind });
}

function stored(step: number, atMs: number): void {
  appendMetrics(db, RUN, [{ name: 'loss', steps: [step], values: [1] }], atMs);
}

describe('the clock of a run', () => {
  it('counts from the start of its engine', () => {
    happened('started', 1000);
    stored(1, 3000);
    stored(2, 3500);
    expect(readRunClock(db, RUN, 100)).toEqual({ steps: [1, 2], trainedMs: [2000, 2500] });
  });

  it('stands still while the run is paused', () => {
    happened('started', 1000);
    stored(1, 2000);
    happened('paused', 2100);
    happened('warning', 5000);
    happened('continued', 60_100);
    stored(2, 60_600);
    expect(readRunClock(db, RUN, 100).trainedMs).toEqual([1000, 1600]);
  });

  it('goes on from the resume after an interruption, without the time in between and the work that was lost', () => {
    happened('started', 1000);
    stored(1, 2000);
    happened('interrupted', 9000);
    happened('resumed', 100_000);
    happened('started', 100_100);
    stored(2, 100_700);
    expect(readRunClock(db, RUN, 100).trainedMs).toEqual([1000, 1700]);
  });

  it('counts a stop while paused once', () => {
    happened('started', 0);
    stored(1, 1000);
    happened('paused', 1000);
    happened('stopped', 4000);
    happened('resumed', 9000);
    stored(2, 9500);
    expect(readRunClock(db, RUN, 100).trainedMs).toEqual([1000, 1500]);
  });

  it('has at most as many points as asked, the first and the last among them, and the same time at the end', () => {
    happened('started', 0);
    appendMetrics(db, RUN, [{ name: 'few', steps: [7], values: [1] }], 1);
    for (let step = 0; step < 1000; step += 5) stored(step, step * 10);
    const clock = readRunClock(db, RUN, 16);
    expect(clock.steps.length).toBeLessThanOrEqual(17);
    expect([clock.steps[0], clock.steps.at(-1), clock.trainedMs.at(-1)]).toEqual([0, 995, 9950]);
    expect(readRunClock(db, RUN, 500).steps).toHaveLength(200);
  });

  it('is empty before the first point', () => {
    expect(readRunClock(db, RUN, 100)).toEqual({ steps: [], trainedMs: [] });
  });
});
