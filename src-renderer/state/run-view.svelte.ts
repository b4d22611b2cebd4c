import type { AnswerBody } from '../../src-shared/ipc/contract.ts';
import { isGrouped } from '../chart/run-plots.ts';
import type { Client } from '../ipc/client.ts';
import { Remote } from './remote.svelte.ts';
import { RunSeries, type StepRange } from './run-series.svelte.ts';

const TEACHER_EXAMPLES = 6;
/** Knots of the other x axes: more than a chart has pixels to tell them apart. */
const AXIS_POINTS = 1024;

/** Everything the page shows of one run: read when it is opened, then kept current by events. */
export class RunView {
  readonly detail = new Remote<AnswerBody<'runs.get'>>();
  readonly evaluations = new Remote<AnswerBody<'evaluations.list'>>();
  readonly classMap = new Remote<AnswerBody<'evaluations.classMap'>>();
  readonly labeledPoints = new Remote<AnswerBody<'data.labeledPoints'>>();
  readonly teacherExamples = new Remote<AnswerBody<'teacherExamples.list'>>();
  readonly axes = new Remote<AnswerBody<'metrics.axes'>>();
  /** Every metric the run has, by name; far more than are shown at once. */
  metricNames = $state.raw<readonly string[]>([]);
  readonly #whole: RunSeries;
  readonly #part: RunSeries;

  readonly #client: Client;
  #runId: string | undefined;
  #chosen: readonly string[] = [];

  constructor(client: Client) {
    this.#client = client;
    this.#whole = new RunSeries(client);
    this.#part = new RunSeries(client);
    client.on('event.added', ({ runId, event }) => {
      const detail = this.detail.value;
      if (runId !== this.#runId || detail === undefined) return;
      const known = detail.events.filter(({ eventId }) => eventId !== event.eventId);
      this.detail.value = { ...detail, events: [...known, event] };
      // The run went back to a checkpoint: what came after it is gone.
      if (event.kind === 'resumed') this.reload();
    });
    client.on('metrics.appended', ({ runId, series }) => {
      if (runId !== this.#runId) return;
      this.#whole.append(runId, series);
      this.#part.append(runId, series);
      const known = new Set(this.metricNames);
      const added = series.map(({ name }) => name).filter((name) => !known.has(name));
      if (added.length > 0) this.#learn([...this.metricNames, ...added]);
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

  /** What the charts show, finer where it is zoomed into; by metric name. */
  get series(): RunSeries['series'] {
    return this.#part.range === undefined ? this.#whole.series : new Map([...this.#whole.series, ...this.#part.series]);
  }

  get metrics(): Remote<void> {
    return this.#whole.remote;
  }

  /** Shows another run, or none. */
  open(runId: string | undefined): void {
    if (runId === this.#runId) return;
    this.#runId = runId;
    this.#chosen = [];
    this.metricNames = [];
    const { detail, evaluations, classMap, labeledPoints, teacherExamples, axes } = this;
    for (const remote of [detail, evaluations, classMap, labeledPoints, teacherExamples, axes]) remote.clear();
    this.#whole.close();
    this.#part.close();
    if (runId !== undefined) this.#whole.open(runId, []);
    this.reload();
  }

  /** Shows metrics that have no place in a chart of their own kind. */
  choose(names: readonly string[]): void {
    this.#chosen = names;
    this.#whole.add(names);
    if (this.#part.range !== undefined) this.#part.add(names);
  }

  /** Reads a range of steps finer than all of them can be; undefined goes back to all. */
  zoom(range: StepRange | undefined): void {
    const runId = this.#runId;
    const before = this.#part.range;
    if (before?.from === range?.from && before?.to === range?.to) return;
    if (range === undefined || runId === undefined) this.#part.close();
    else this.#part.open(runId, this.#shown(), range);
  }

  /** Reads where steps lie on axes of examples and of time. */
  readAxes(): void {
    const runId = this.#runId;
    if (runId === undefined) return;
    void this.axes.load(() => this.#client.request('metrics.axes', { runId, maxPoints: AXIS_POINTS }));
  }

  /** Reads everything again, e.g. after the connection was lost. */
  reload(): void {
    const runId = this.#runId;
    if (runId === undefined) return;
    void this.#readDetail(runId);
    this.#whole.readAgain();
    this.#part.readAgain();
    void this.evaluations.load(() => this.#client.request('evaluations.list', { runId }));
    void this.#readClassMap(runId);
    void this.labeledPoints.load(() => this.#client.request('data.labeledPoints', { runId }));
    void this.#readTeacherExamples(runId);
    if (this.axes.value !== undefined) this.readAxes();
  }

  async #readDetail(runId: string): Promise<void> {
    await this.detail.load(() => this.#client.request('runs.get', { runId }));
    if (runId === this.#runId && this.detail.value !== undefined) this.#learn(this.detail.value.metricNames);
  }

  /** The run has these metrics: those with a place in a chart are shown at once. */
  #learn(names: readonly string[]): void {
    this.metricNames = [...names].sort();
    const shown = this.#shown();
    this.#whole.add(shown);
    if (this.#part.range !== undefined) this.#part.add(shown);
  }

  #shown(): string[] {
    const names = new Set(this.metricNames);
    return [
      ...this.metricNames.filter(isGrouped),
      ...this.#chosen.filter((name) => names.has(name) && !isGrouped(name)),
    ];
  }

  #readClassMap(runId: string): Promise<void> {
    return this.classMap.load(() => this.#client.request('evaluations.classMap', { runId }));
  }

  #readTeacherExamples(runId: string): Promise<void> {
    return this.teacherExamples.load(() =>
      this.#client.request('teacherExamples.list', { runId, limit: TEACHER_EXAMPLES }),
    );
  }
}
