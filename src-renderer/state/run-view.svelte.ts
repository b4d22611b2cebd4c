import { BucketedSeries } from '../../src-shared/ipc/bucketed-series.ts';
import type { AnswerBody } from '../../src-shared/ipc/contract.ts';
import type { AppendedPoints, DecimatedSeries } from '../../src-shared/ipc/metric-series.ts';
import { limitRedraws } from '../chart/redraw-limiter.ts';
import type { Client } from '../ipc/client.ts';
import { Remote } from './remote.svelte.ts';

/** What a chart of the page can show: about one bucket per two pixels. */
const MAX_BUCKETS = 512;
const TEACHER_EXAMPLES = 6;

/** Everything the page shows of one run: read when it is opened, then kept current by events. */
export class RunView {
  readonly detail = new Remote<AnswerBody<'runs.get'>>();
  readonly evaluations = new Remote<AnswerBody<'evaluations.list'>>();
  readonly classMap = new Remote<AnswerBody<'evaluations.classMap'>>();
  readonly labeledPoints = new Remote<AnswerBody<'data.labeledPoints'>>();
  readonly teacherExamples = new Remote<AnswerBody<'teacherExamples.list'>>();
  readonly metrics = new Remote<void>();
  /** By metric name; replaced as a whole at most 4 times per second. */
  series = $state.raw<ReadonlyMap<string, DecimatedSeries>>(new Map());

  readonly #client: Client;
  #runId: string | undefined;
  #growing = new Map<string, BucketedSeries>();
  readonly #redraw = limitRedraws(() => {
    this.series = new Map([...this.#growing].map(([name, growing]) => [name, growing.snapshot()]));
  });

  constructor(client: Client) {
    this.#client = client;
    client.on('event.added', ({ runId, event }) => {
      const detail = this.detail.value;
      if (runId !== this.#runId || detail === undefined) return;
      const known = detail.events.filter(({ eventId }) => eventId !== event.eventId);
      this.detail.value = { ...detail, events: [...known, event] };
    });
    client.on('metrics.appended', ({ runId, series }) => {
      if (runId === this.#runId) this.#append(runId, series);
    });
    client.on('evaluation.added', ({ runId, evaluation }) => {
      if (runId !== this.#runId) return;
      const others = (this.evaluations.value ?? []).filter((one) => one.evaluationId !== evaluation.evaluationId);
      this.evaluations.value = [...others, evaluation];
      if (evaluation.hasClassMap) void this.#readClassMap(runId);
    });
    client.on('teacherExamples.added', ({ runId }) => {
      if (runId === this.#runId) void this.#readTeacherExamples(runId);
    });
  }

  /** Shows another run, or none. */
  open(runId: string | undefined): void {
    if (runId === this.#runId) return;
    this.#runId = runId;
    for (const remote of [this.detail, this.evaluations, this.classMap, this.labeledPoints, this.teacherExamples]) {
      remote.clear();
    }
    this.#growing = new Map();
    this.series = new Map();
    this.metrics.clear();
    this.reload();
  }

  /** Reads everything again, e.g. after the connection was lost. */
  reload(): void {
    const runId = this.#runId;
    if (runId === undefined) return;
    void this.#readDetail(runId);
    void this.#readMetrics(runId);
    void this.evaluations.load(() => this.#client.request('evaluations.list', { runId }));
    void this.#readClassMap(runId);
    void this.labeledPoints.load(() => this.#client.request('data.labeledPoints', { runId }));
    void this.#readTeacherExamples(runId);
  }

  #readDetail(runId: string): Promise<void> {
    return this.detail.load(() => this.#client.request('runs.get', { runId }));
  }

  #readClassMap(runId: string): Promise<void> {
    return this.classMap.load(() => this.#client.request('evaluations.classMap', { runId }));
  }

  #readTeacherExamples(runId: string): Promise<void> {
    return this.teacherExamples.load(() =>
      this.#client.request('teacherExamples.list', { runId, limit: TEACHER_EXAMPLES }),
    );
  }

  #readMetrics(runId: string): Promise<void> {
    return this.metrics.load(async () => {
      const { metricNames } = await this.#client.request('runs.get', { runId });
      const read =
        metricNames.length === 0
          ? []
          : await this.#client.request('metrics.read', { runId, names: metricNames, maxBuckets: MAX_BUCKETS });
      if (runId !== this.#runId) return;
      this.#growing = new Map(read.map((series) => [series.name, BucketedSeries.from(series, MAX_BUCKETS)]));
      this.#redraw.request();
    });
  }

  #append(runId: string, appended: readonly AppendedPoints[]): void {
    // While a first read is under way the points will be part of it, or the series is read again below.
    const inOrder = appended.every(({ name, steps, values }) => {
      const growing = this.#growing.get(name) ?? new BucketedSeries(name, MAX_BUCKETS);
      this.#growing.set(name, growing);
      return growing.append(steps, values);
    });
    if (inOrder) this.#redraw.request();
    else void this.#readMetrics(runId);
  }
}
