import { BucketedSeries } from '../../src-shared/ipc/bucketed-series.ts';
import type { AppendedPoints, DecimatedSeries } from '../../src-shared/ipc/metric-series.ts';
import { limitRedraws } from '../chart/redraw-limiter.ts';
import type { Client } from '../ipc/client.ts';
import { Remote } from './remote.svelte.ts';

/** What a chart of the page can show: about one bucket per two pixels. */
const MAX_BUCKETS = 512;
/** Most metrics that one request reads. */
const NAMES_PER_READ = 64;

/** Steps to show, the first included, the last excluded. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Some metrics of one run, all of them or within a range of steps: read once, decimated, then grown by what is
 * appended, so that they stay what reading them again would give. The owner passes on `metrics.appended`.
 */
export class RunSeries {
  /** Of the last read. */
  readonly remote = new Remote<void>();
  /** By metric name; replaced as a whole at most 4 times per second. */
  series = $state.raw<ReadonlyMap<string, DecimatedSeries>>(new Map());

  readonly #client: Client;
  #runId: string | undefined;
  #range = $state.raw<StepRange>();
  #names = new Set<string>();
  #growing = new Map<string, BucketedSeries>();
  readonly #redraw = limitRedraws(() => {
    this.series = new Map([...this.#growing].map(([name, growing]) => [name, growing.snapshot()]));
  });

  constructor(client: Client) {
    this.#client = client;
  }

  get range(): StepRange | undefined {
    return this.#range;
  }

  /** Shows these metrics of a run instead of what was shown. */
  open(runId: string, names: readonly string[], range?: StepRange): void {
    this.close();
    this.#runId = runId;
    this.#range = range;
    this.add(names);
  }

  close(): void {
    this.#redraw.cancel();
    this.#runId = undefined;
    this.#range = undefined;
    this.#names = new Set();
    this.#growing = new Map();
    this.series = new Map();
    this.remote.clear();
  }

  /** Reads these metrics too. */
  add(names: readonly string[]): void {
    const missing = names.filter((name) => !this.#names.has(name));
    if (missing.length === 0) return;
    for (const name of missing) this.#names.add(name);
    this.readAgain();
  }

  /** Reads everything again, e.g. after the connection was lost or the run went back to a checkpoint. */
  readAgain(): void {
    const [runId, range] = [this.#runId, this.#range];
    const names = [...this.#names];
    if (runId === undefined || names.length === 0) return;
    void this.remote.load(async () => {
      const parts = Array.from({ length: Math.ceil(names.length / NAMES_PER_READ) }, (_, part) =>
        names.slice(part * NAMES_PER_READ, (part + 1) * NAMES_PER_READ),
      );
      const turn = this.#growing;
      const read = new Map<string, BucketedSeries>();
      this.#growing = read;
      try {
        for (const part of parts) {
          const answer = await this.#client.request('metrics.read', {
            runId,
            names: part,
            maxBuckets: MAX_BUCKETS,
            ...(range === undefined ? {} : { range: { ...range } }),
          });
          // Another run or range was opened, or everything is being read again, meanwhile.
          if (this.#growing !== read) return;
          for (const series of answer) read.set(series.name, BucketedSeries.from(series, MAX_BUCKETS));
        }
      } catch (error) {
        if (this.#growing === read) this.#growing = turn;
        throw error;
      }
      this.#redraw.request();
    });
  }

  /**
   * Takes in new points. What is not read yet needs none: answers and events come in the order in which they were sent, so
   * its answer holds them.
   */
  append(runId: string, appended: readonly AppendedPoints[]): void {
    if (runId !== this.#runId) return;
    let isInOrder = true;
    let isSeen = false;
    for (const { name, steps, values } of appended) {
      const growing = this.#growing.get(name);
      if (growing === undefined) continue;
      const { from, to } = this.#range ?? { from: 0, to: Number.POSITIVE_INFINITY };
      const within = steps.map((step, index) => ({ step, value: values[index] ?? Number.NaN }));
      const inRange = within.filter(({ step }) => step >= from && step < to);
      isSeen ||= inRange.length > 0;
      isInOrder &&= growing.append(
        inRange.map(({ step }) => step),
        inRange.map(({ value }) => value),
      );
    }
    if (!isInOrder) this.readAgain();
    else if (isSeen) this.#redraw.request();
  }
}
