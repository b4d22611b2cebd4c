import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBuckets } from '../../../src-main/registry/metric-reads.ts';
import { appendMetrics } from '../../../src-main/registry/metrics.ts';
import type { Registry } from '../../../src-main/registry/open-registry.ts';
import { BucketedSeries } from '../../../src-shared/ipc/bucketed-series.ts';
import { registryWithRun, repeatableNumbers, RUN } from '../registry/sample-run.ts';

const MAX_BUCKETS = 64;
let db: Registry;
beforeEach(() => {
  db = registryWithRun();
});
afterEach(() => {
  db.close();
});

/** Points every `stride` steps from `first` on, some of them NaN or infinite. */
function points(count: number, first: number, stride: number) {
  const draw = repeatableNumbers(count);
  const steps = Float64Array.from({ length: count }, (_, index) => first + index * stride);
  const values = steps.map((_, index) => (index % 97 === 13 ? NaN : index % 89 === 7 ? Infinity : draw() - 0.5));
  return { name: 'student.loss', steps, values };
}

describe('BucketedSeries', () => {
  it.each([
    [40, 1, 1],
    [500, 10, 10],
    [3000, 1, 1],
    [1000, 4096, 7],
  ])('holds after %i points from step %i every %i what the registry reads', (count, first, stride) => {
    const { name, steps, values } = points(count, first, stride);
    const series = new BucketedSeries(name, MAX_BUCKETS);
    for (let from = 0; from < count; from += 33) {
      expect(series.append(steps.subarray(from, from + 33), values.subarray(from, from + 33))).toBe(true);
    }
    appendMetrics(db, RUN, [{ name, steps, values }], 1000);
    const read = readBuckets(db, RUN, name, MAX_BUCKETS);
    const { mean, ...rest } = series.snapshot();
    expect(rest).toEqual({ ...read, mean: undefined });
    expect(rest.bucketSteps === 1).toBe(count * stride <= MAX_BUCKETS);
    const exact = mean.map((value): unknown => (Number.isNaN(value) ? NaN : expect.closeTo(value, 10)));
    expect(read.mean).toEqual(exact);
  });

  it('goes on from what was read as if it had seen everything', () => {
    const { name, steps, values } = points(700, 1, 3);
    const whole = new BucketedSeries(name, MAX_BUCKETS);
    whole.append(steps, values);
    appendMetrics(db, RUN, [{ name, steps: steps.subarray(0, 400), values: values.subarray(0, 400) }], 1000);
    const continued = BucketedSeries.from(readBuckets(db, RUN, name, MAX_BUCKETS), MAX_BUCKETS);
    expect(continued.append(steps.subarray(400), values.subarray(400))).toBe(true);
    expect({ ...continued.snapshot(), mean: [] }).toEqual({ ...whole.snapshot(), mean: [] });
  });

  it('refuses points from before its end and keeps what it has', () => {
    const series = new BucketedSeries('h', MAX_BUCKETS);
    series.append([1, 2, 3], [1, 2, 3]);
    const before = series.snapshot();
    expect(series.append([2, 3, 4], [9, 9, 9])).toBe(false);
    expect(series.snapshot()).toEqual(before);
  });

  it('counts what is not finite and leaves it out of the extremes', () => {
    const series = new BucketedSeries('h', 1);
    series.append([0, 1, 2, 3], [NaN, 2, Infinity, 4]);
    expect(series.snapshot()).toMatchObject({
      bucketSteps: 4,
      min: [2],
      max: [4],
      mean: [3],
      finite: [2],
      nonFinite: [2],
    });
  });
});
