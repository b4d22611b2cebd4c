import { BucketedSeries } from '../../src-shared/ipc/bucketed-series.ts';
import type { AnswerBody } from '../../src-shared/ipc/contract.ts';
import type { DecimatedSeries } from '../../src-shared/ipc/metric-series.ts';
import type { EvaluationView, RunDetail } from '../../src-shared/ipc/run-views.ts';
import { toAppError, type AppError } from '../../src-shared/app-error.ts';
import { limitRedraws } from '../chart/redraw-limiter.ts';
import { evaluationMetrics, parseEvaluationMetric } from '../compare/metric-id.ts';
import type { Client } from '../ipc/client.ts';
import type { StepRange } from './run-series.svelte.ts';

/** About one bucket per two pixels of the widest chart. */
const MAX_BUCKETS = 512;
/** What one request may name. */
const NAMES_PER_READ = 64;

type Axes = AnswerBody<'metrics.axes'>;

/** What the page knows of the runs that are compared: read when a run or a metric is chosen, then kept current by events. */
export class Comparison {
  details = $state.raw<ReadonlyMap<string, RunDetail>>(new Map());
  evaluations = $state.raw<ReadonlyMap<string, readonly EvaluationView[]>>(new Map());
  axes = $state.raw<ReadonlyMap<string, Axes>>(new Map());
  /** By run and metric; replaced as a whole at most 4 times per second. */
  series = $state.raw<ReadonlyMap<string, DecimatedSeries>>(new Map());
  /** The same over a part of the steps, at its own resolution. */
  zoomed = $state.raw<ReadonlyMap<string, DecimatedSeries>>(new Map());
  /** Why a run could not be read, by run. */
  errors = $state.raw<ReadonlyMap<string, AppError>>(new Map());

  readonly #client: Client;
  readonly #growing = new Map<string, BucketedSeries>();
  /** What was asked for already, so that no effect asks twice. */
  readonly #asked = new Set<string>();
  #zoomTurn = 0;
  readonly #subscriptions: (() => void)[];
  readonly #redraw = limitRedraws(() => {
    this.series = new Map([...this.#growing].map(([key, growing]) => [key, growing.snapshot()]));
  });

  constructor(client: Client) {
    this.#client = client;
    this.#subscriptions = [
      client.on('metrics.appended', ({ runId, series }) => {
        for (const { name, steps, values } of series) {
          const growing = this.#growing.get(keyOf(runId, name));
          if (growing === undefined) continue;
          if (growing.append(steps, values)) this.#redraw.request();
          else this.#readAgain(runId, name);
        }
        this.#addNames(
          runId,
          series.map(({ name }) => name),
        );
      }),
      client.on('evaluation.added', ({ runId, evaluation }) => {
        const known = this.evaluations.get(runId);
        if (known === undefined) return;
        const others = known.filter(({ evaluationId }) => evaluationId !== evaluation.evaluationId);
        this.evaluations = new Map([...this.evaluations, [runId, [...others, evaluation]]]);
      }),
    ];
  }

  dispose(): void {
    for (const end of this.#subscriptions) end();
    this.#redraw.cancel();
  }

  /** Forgets everything, e.g. after the connection was lost: events may have been missed. */
  forget(): void {
    this.#asked.clear();
    this.#growing.clear();
    this.details = new Map();
    this.evaluations = new Map();
    this.axes = new Map();
    this.errors = new Map();
    this.series = new Map();
    this.zoomed = new Map();
  }

  /** All metrics that any of the runs has, those of evaluations included. */
  namesOf(runIds: readonly string[]): string[] {
    return [
      ...new Set(
        runIds.flatMap((runId) => [
          ...(this.details.get(runId)?.metricNames ?? []),
          ...evaluationMetrics(this.evaluations.get(runId) ?? []),
        ]),
      ),
    ].sort();
  }

  seriesOf(runId: string, metric: string): DecimatedSeries | undefined {
    const key = keyOf(runId, metric);
    return this.zoomed.get(key) ?? this.series.get(key);
  }

  /** Reads configuration, metric names and evaluations of runs, and the configurations they began from. */
  readRuns(runIds: readonly string[]): void {
    for (const runId of runIds) {
      this.#once(`run ${runId}`, runId, async () => {
        const evaluations = this.#client.request('evaluations.list', { runId });
        await this.#readDetail(runId);
        this.evaluations = new Map([...this.evaluations, [runId, await evaluations]]);
      });
    }
  }

  /** Reads examples seen and times of steps, for the other x axes. */
  readAxes(runIds: readonly string[]): void {
    for (const runId of runIds) {
      this.#once(`axes ${runId}`, runId, async () => {
        const axes = await this.#client.request('metrics.axes', { runId, maxPoints: MAX_BUCKETS });
        this.axes = new Map([...this.axes, [runId, axes]]);
      });
    }
  }

  /** Reads metrics of runs that have them. */
  readSeries(runIds: readonly string[], metrics: readonly string[]): void {
    for (const runId of runIds) {
      const names = this.#stepMetrics(runId, metrics).filter(
        (name) => !this.#asked.has(`series ${keyOf(runId, name)}`),
      );
      for (let begin = 0; begin < names.length; begin += NAMES_PER_READ) {
        const part = names.slice(begin, begin + NAMES_PER_READ);
        for (const name of part) this.#asked.add(`series ${keyOf(runId, name)}`);
        void this.#guard(runId, () => this.#readWhole(runId, part));
      }
    }
  }

  /** Reads the axes of runs that go on: what was read before ends where the run was then. */
  readAxesAgain(runs: readonly { readonly runId: string }[]): void {
    for (const { runId } of runs) this.#asked.delete(`axes ${runId}`);
    this.readAxes(runs.map(({ runId }) => runId));
  }

  /** Reads a part of the steps at its own resolution; undefined shows all again. */
  async zoom(range: StepRange | undefined, runIds: readonly string[], metrics: readonly string[]): Promise<void> {
    this.#zoomTurn += 1;
    const turn = this.#zoomTurn;
    if (range === undefined) {
      if (this.zoomed.size > 0) this.zoomed = new Map();
      return;
    }
    const read = await Promise.all(
      runIds.map(async (runId) => {
        const names = this.#stepMetrics(runId, metrics).slice(0, NAMES_PER_READ);
        if (names.length === 0) return [];
        const body = { runId, names, maxBuckets: MAX_BUCKETS, range: { from: range.from, to: range.to } };
        // Where this fails the coarser series stays, drawn over the same part.
        const series = await this.#client.request('metrics.read', body).catch(() => []);
        return series.map((one) => [keyOf(runId, one.name), one] as const);
      }),
    );
    if (turn === this.#zoomTurn) this.zoomed = new Map(read.flat());
  }

  #stepMetrics(runId: string, metrics: readonly string[]): string[] {
    const known = new Set(this.details.get(runId)?.metricNames ?? []);
    return metrics.filter((name) => parseEvaluationMetric(name) === undefined && known.has(name));
  }

  async #readDetail(runId: string): Promise<void> {
    const detail = await this.#client.request('runs.get', { runId });
    this.details = new Map([...this.details, [runId, detail]]);
    const parent = detail.summary.parentRunId;
    // A parent that was deleted since is just not known; seeds are then told apart by it.
    if (parent !== null && !this.details.has(parent)) await this.#readDetail(parent).catch(() => undefined);
  }

  async #readWhole(runId: string, names: readonly string[]): Promise<void> {
    const read = await this.#client.request('metrics.read', { runId, names: [...names], maxBuckets: MAX_BUCKETS });
    for (const one of read) this.#growing.set(keyOf(runId, one.name), BucketedSeries.from(one, MAX_BUCKETS));
    this.#redraw.request();
  }

  /** The run went back to a checkpoint: what was drawn after it is no more. */
  #readAgain(runId: string, name: string): void {
    this.#growing.delete(keyOf(runId, name));
    void this.#guard(runId, () => this.#readWhole(runId, [name]));
  }

  #addNames(runId: string, names: readonly string[]): void {
    const detail = this.details.get(runId);
    if (detail === undefined) return;
    const known = new Set(detail.metricNames);
    const added = names.filter((name) => !known.has(name));
    if (added.length === 0) return;
    this.details = new Map([...this.details, [runId, { ...detail, metricNames: [...detail.metricNames, ...added] }]]);
  }

  #once(what: string, runId: string, read: () => Promise<void>): void {
    if (this.#asked.has(what)) return;
    this.#asked.add(what);
    void this.#guard(runId, read);
  }

  async #guard(runId: string, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      this.errors = new Map([...this.errors, [runId, toAppError(error)]]);
    }
  }
}

function keyOf(runId: string, metric: string): string {
  return `${runId} ${metric}`;
}
