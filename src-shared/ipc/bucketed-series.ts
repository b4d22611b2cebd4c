import type { DecimatedSeries } from './metric-series.ts';

/**
 * Decimates one metric while it grows: keeps minimum, maximum and mean per bucket of `bucketSteps` steps, and doubles
 * the width when its steps would need more than `maxBuckets`. The result depends on the points and `maxBuckets` alone,
 * not on how they were portioned, so a page that appends sees what it would see after reading the registry afresh.
 */
export class BucketedSeries {
  readonly #name: string;
  readonly #maxBuckets: number;
  #bucketSteps = 1;
  #start: number[] = [];
  #min: number[] = [];
  #max: number[] = [];
  #mean: number[] = [];
  #finite: number[] = [];
  #nonFinite: number[] = [];

  constructor(name: string, maxBuckets: number) {
    this.#name = name;
    this.#maxBuckets = maxBuckets;
  }

  /** Goes on from what was read, under the `maxBuckets` it was read with. */
  static from(read: DecimatedSeries, maxBuckets: number): BucketedSeries {
    const series = new BucketedSeries(read.name, maxBuckets);
    series.#bucketSteps = read.bucketSteps;
    series.#start = [...read.start];
    series.#min = [...read.min];
    series.#max = [...read.max];
    series.#mean = [...read.mean];
    series.#finite = [...read.finite];
    series.#nonFinite = [...read.nonFinite];
    return series;
  }

  /**
   * Adds points in the order of their steps.
   * @returns false, with nothing added, where a step lies before the last bucket: the run went back to a checkpoint
   *   and the series has to be read again
   */
  append(steps: ArrayLike<number>, values: ArrayLike<number>): boolean {
    if (steps.length > 0 && (steps[0] ?? 0) < (this.#start.at(-1) ?? 0)) return false;
    for (let index = 0; index < steps.length; index += 1) this.#add(steps[index] ?? 0, values[index] ?? Number.NaN);
    return true;
  }

  /** A copy in the wire's shape. */
  snapshot(): DecimatedSeries {
    return {
      name: this.#name,
      bucketSteps: this.#bucketSteps,
      start: [...this.#start],
      min: [...this.#min],
      max: [...this.#max],
      mean: [...this.#mean],
      finite: [...this.#finite],
      nonFinite: [...this.#nonFinite],
    };
  }

  #add(step: number, value: number): void {
    const start = step - (step % this.#bucketSteps);
    if (start !== this.#start.at(-1)) {
      this.#start.push(start);
      this.#min.push(Number.NaN);
      this.#max.push(Number.NaN);
      this.#mean.push(Number.NaN);
      this.#finite.push(0);
      this.#nonFinite.push(0);
    }
    const last = this.#start.length - 1;
    if (Number.isFinite(value)) this.#merge(last, value, value, value, 1);
    else this.#nonFinite[last] = (this.#nonFinite[last] ?? 0) + 1;
    while (this.#reach() > this.#maxBuckets) this.#coarsen();
  }

  /** Buckets from the first to the last, empty ones counted. */
  #reach(): number {
    return ((this.#start.at(-1) ?? 0) - (this.#start[0] ?? 0)) / this.#bucketSteps + 1;
  }

  #merge(into: number, min: number, max: number, mean: number, count: number): void {
    const before = this.#finite[into] ?? 0;
    if (count === 0) return;
    this.#min[into] = before === 0 ? min : Math.min(this.#min[into] ?? min, min);
    this.#max[into] = before === 0 ? max : Math.max(this.#max[into] ?? max, max);
    const old = before === 0 ? mean : (this.#mean[into] ?? mean);
    this.#mean[into] = old + ((mean - old) * count) / (before + count);
    this.#finite[into] = before + count;
  }

  #coarsen(): void {
    const old = this.snapshot();
    this.#bucketSteps *= 2;
    this.#start = [];
    this.#min = [];
    this.#max = [];
    this.#mean = [];
    this.#finite = [];
    this.#nonFinite = [];
    old.start.forEach((oldStart, index) => {
      const start = oldStart - (oldStart % this.#bucketSteps);
      if (start !== this.#start.at(-1)) {
        this.#start.push(start);
        this.#min.push(Number.NaN);
        this.#max.push(Number.NaN);
        this.#mean.push(Number.NaN);
        this.#finite.push(0);
        this.#nonFinite.push(0);
      }
      const last = this.#start.length - 1;
      const { min, max, mean, finite, nonFinite } = old;
      this.#merge(last, min[index] ?? NaN, max[index] ?? NaN, mean[index] ?? NaN, finite[index] ?? 0);
      this.#nonFinite[last] = (this.#nonFinite[last] ?? 0) + (nonFinite[index] ?? 0);
    });
  }
}
