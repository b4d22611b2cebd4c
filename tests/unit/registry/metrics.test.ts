import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listMetrics, readBuckets, readMetric } from '../../../src-main/registry/metric-reads.ts';
import { appendMetrics, truncateMetrics } from '../../../src-main/registry/metrics.ts';
import type { Registry } from '../../../src-main/registry/open-registry.ts';
import { getRun } from '../../../src-main/registry/runs.ts';
import { registryWithRun, repeatableNumbers, RUN } from './sample-run.ts';

let db: Registry;
beforeEach(() => {
  db = registryWithRun();
});
afterEach(() => {
  db.close();
});

interface Columns {
  steps: number[];
  values: number[];
}

/** A series with gaps and some values that are not finite. */
function randomSeries(seed: number, count: number, gap: number): Columns {
  const random = repeatableNumbers(seed);
  let step = Math.floor(random() * 100);
  const steps: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < count; i++) {
    step += 1 + Math.floor(random() * gap * (random() < 0.01 ? 50 : 1));
    steps.push(step);
    const kind = random();
    values.push(kind < 0.03 ? NaN : kind < 0.05 ? Infinity : kind < 0.07 ? -Infinity : (random() - 0.5) * 10);
  }
  return { steps, values };
}

function appendInBatches(name: string, { steps, values }: Columns, seed: number): void {
  const random = repeatableNumbers(seed);
  for (let done = 0; done < steps.length;) {
    const size = 1 + Math.floor(random() * 400);
    appendMetrics(
      db,
      RUN,
      [{ name, steps: steps.slice(done, done + size), values: values.slice(done, done + size) }],
      0,
    );
    done += size;
  }
}

/** What readBuckets must return, from the points alone. */
function bruteForce({ steps, values }: Columns, bucketSteps: number): unknown[] {
  const buckets = new Map<number, number[]>();
  steps.forEach((step, i) => {
    const start = Math.floor(step / bucketSteps) * bucketSteps;
    buckets.set(start, [...(buckets.get(start) ?? []), values[i] ?? NaN]);
  });
  return [...buckets].map(([start, all]) => {
    const finite = all.filter(Number.isFinite);
    const none = finite.length === 0;
    return {
      start,
      min: none ? NaN : Math.min(...finite),
      max: none ? NaN : Math.max(...finite),
      mean: none ? NaN : finite.reduce((a, b) => a + b, 0) / finite.length,
      finite: finite.length,
      nonFinite: all.length - finite.length,
    };
  });
}

/** Compares every kind of read with brute force over the given points. */
function expectReads(name: string, points: Columns, maxBuckets: number): void {
  const read = readBuckets(db, RUN, name, maxBuckets);
  expect(read.start.length).toBeLessThanOrEqual(maxBuckets);
  const expected = bruteForce(points, read.bucketSteps) as { mean: number }[];
  const rows = read.start.map((start, i) => ({
    start,
    min: read.min[i],
    max: read.max[i],
    mean: read.mean[i] ?? 0,
    finite: read.finite[i],
    nonFinite: read.nonFinite[i],
  }));
  expect(rows.map(({ mean: _mean, ...rest }) => rest)).toEqual(expected.map(({ mean: _mean, ...rest }) => rest));
  rows.forEach(({ mean }, i) => {
    const want = expected[i]?.mean ?? 0;
    expect(Number.isNaN(mean) === Number.isNaN(want) && !(Math.abs(mean - want) > 1e-9)).toBe(true);
  });
  // A narrower width would need too many buckets: the resolution is the best that fits.
  if (read.bucketSteps > 1) {
    const half = read.bucketSteps / 2;
    const [first, last] = [points.steps[0] ?? 0, points.steps.at(-1) ?? 0];
    expect(Math.floor(last / half) - Math.floor(first / half) + 1).toBeGreaterThan(maxBuckets);
  }
  const full = readMetric(db, RUN, name);
  expect([...full.steps]).toEqual(points.steps);
  expect([...full.values]).toEqual(points.values);
  const nonFinite = points.values.filter((value) => !Number.isFinite(value)).length;
  expect(listMetrics(db, RUN).find((one) => one.name === name)).toEqual({
    name,
    points: points.steps.length,
    nonFinite,
    lastStep: points.steps.at(-1),
    lastValue: points.values.at(-1),
  });
}

describe('metrics', () => {
  it('come back as they were stored, NaN and infinities included', () => {
    const values = [1, NaN, Infinity, -Infinity, 0.1, -1e300, 5e-324];
    appendMetrics(
      db,
      RUN,
      [{ name: 'h', steps: Float64Array.from(values.keys()), values: Float64Array.from(values) }],
      123,
    );
    const read = readMetric(db, RUN, 'h');
    expect([...read.values]).toEqual(values);
    expect([...read.atMs]).toEqual(values.map(() => 123));
    expect([...readMetric(db, RUN, 'h', { fromStep: 2, toStep: 4 }).steps]).toEqual([2, 3, 4]);
    expect(listMetrics(db, RUN)).toEqual([{ name: 'h', points: 7, nonFinite: 3, lastStep: 6, lastValue: 5e-324 }]);
    expect(readMetric(db, RUN, 'none').steps).toHaveLength(0);
    expect(readBuckets(db, RUN, 'none', 10).start).toEqual([]);
  });

  it.each([
    [1, 300, 1, 1000],
    [2, 300, 3, 16],
    [3, 4000, 2, 100],
    [4, 4000, 40, 64],
    [5, 1, 1, 16],
    [6, 2500, 700, 33],
    [7, 900, 20_000, 16],
  ])('decimate as brute force does (seed %i, %i points, gaps up to %i, %i buckets)', (seed, count, gap, maxBuckets) => {
    const points = randomSeries(seed, count, gap);
    appendInBatches('a', points, seed);
    expectReads('a', points, maxBuckets);
  });

  it('decimate the same however points arrive: appended, repeated or out of order', () => {
    const points = randomSeries(8, 1500, 5);
    appendInBatches('a', points, 8);
    appendMetrics(
      db,
      RUN,
      [{ name: 'a', steps: points.steps.slice(700, 900), values: points.values.slice(700, 900) }],
      0,
    );
    expectReads('a', points, 50);
    const backwards = { steps: points.steps.toReversed(), values: points.values.toReversed() };
    appendInBatches('b', backwards, 9);
    expectReads('b', points, 50);
  });

  it('replace a step that is stored again', () => {
    appendMetrics(db, RUN, [{ name: 'a', steps: [1, 2, 3], values: [1, 2, NaN] }], 0);
    appendMetrics(db, RUN, [{ name: 'a', steps: [2, 3], values: [5, 6] }], 0);
    expectReads('a', { steps: [1, 2, 3], values: [1, 5, 6] }, 16);
  });

  it('keep the borders of buckets when points are appended', () => {
    const points = randomSeries(10, 3000, 3);
    const half = points.steps.length / 2;
    appendInBatches('a', { steps: points.steps.slice(0, half), values: points.values.slice(0, half) }, 1);
    const before = readBuckets(db, RUN, 'a', 4096, { toStep: 1000 });
    appendInBatches('a', { steps: points.steps.slice(half), values: points.values.slice(half) }, 1);
    expect(readBuckets(db, RUN, 'a', 4096, { toStep: 1000 })).toEqual(before);
  });

  it('decimate a range of steps, whole buckets at its ends', () => {
    const points = randomSeries(11, 4000, 2);
    appendInBatches('a', points, 2);
    const [from, to] = [1000, 3000];
    const read = readBuckets(db, RUN, 'a', 64, { fromStep: from, toStep: to });
    const width = read.bucketSteps;
    const low = Math.floor(Math.min(...points.steps.filter((s) => s >= from)) / width) * width;
    const high = (Math.floor(Math.max(...points.steps.filter((s) => s <= to)) / width) + 1) * width;
    const inside = points.steps
      .map((step, i) => [step, points.values[i] ?? NaN] as const)
      .filter(([s]) => s >= low && s < high);
    const expected = bruteForce({ steps: inside.map(([s]) => s), values: inside.map(([, v]) => v) }, width) as {
      min: number;
    }[];
    expect(read.start.length).toBeGreaterThan(16);
    expect(read.min).toEqual(expected.map((one) => one.min));
  });

  it.each([0, 1, 500, 3999, 12_345, 1_000_000])('forget what lies beyond step %i and go on from there', (step) => {
    const points = randomSeries(12, 3000, 3);
    appendInBatches('a', points, 3);
    appendMetrics(db, RUN, [{ name: 'late', steps: [2_000_000], values: [1] }], 0);
    truncateMetrics(db, RUN, step);
    const kept = points.steps.filter((one) => one <= step).length;
    expect(listMetrics(db, RUN).map((one) => one.name)).toEqual(kept > 0 ? ['a'] : []);
    if (kept > 0) expectReads('a', { steps: points.steps.slice(0, kept), values: points.values.slice(0, kept) }, 64);
    appendInBatches('a', { steps: points.steps.slice(kept), values: points.values.slice(kept) }, 4);
    if (kept < points.steps.length || kept > 0) expectReads('a', points, 64);
  });

  it('remember the newest leading loss in the run', () => {
    appendMetrics(
      db,
      RUN,
      [
        { name: 'student.lossQuery', steps: [1], values: [9] },
        { name: 'student.loss', steps: [1], values: [3] },
      ],
      0,
    );
    expect(getRun(db, RUN).lastLoss).toBe(3);
    appendMetrics(db, RUN, [{ name: 'student.loss', steps: [2], values: [NaN] }], 0);
    expect(getRun(db, RUN).lastLoss).toBeNaN();
  });

  it('refuse columns of unequal length and broken steps, storing nothing of the batch', () => {
    const good = { name: 'good', steps: [1], values: [1] };
    for (const bad of [
      { name: 'bad', steps: [1, 2], values: [1] },
      { name: 'bad', steps: [1.5], values: [1] },
      { name: 'bad', steps: [-1], values: [1] },
      { name: 'bad', steps: [NaN], values: [1] },
    ]) {
      expect(() => {
        appendMetrics(db, RUN, [good, bad], 0);
      }).toThrow(expect.objectContaining({ code: 'input/invalid' }));
    }
    expect(listMetrics(db, RUN)).toEqual([]);
  });
});
