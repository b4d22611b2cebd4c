import type { AnswerBody, RequestInput } from '../../src-shared/ipc/contract.ts';
import type { Client } from '../ipc/client.ts';
import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import { Remote } from './remote.svelte.ts';

/** How many runs lists beside other things show; the table of all runs reads its own window. */
const RECENT = 200;

/**
 * What the page knows about runs: the newest ones, and whichever it was asked for by id, all kept current by events.
 * Thousands of runs are never held here.
 */
export class RunList {
  /** Newest first. */
  readonly recent = new Remote<readonly RunSummary[]>();
  /** Rises whenever a run was added, changed or removed; for views that read a window of their own. */
  revision = $state(0);
  readonly #client: Client;
  #known = $state.raw<ReadonlyMap<string, RunSummary>>(new Map());

  constructor(client: Client) {
    this.#client = client;
    client.on('run.changed', (run) => {
      this.put([run]);
    });
    client.on('runs.removed', ({ runIds }) => {
      const gone = new Set(runIds);
      this.#known = new Map([...this.#known].filter(([runId]) => !gone.has(runId)));
      this.recent.value = this.recent.value?.filter(({ runId }) => !gone.has(runId));
      this.revision += 1;
    });
  }

  load(): Promise<void> {
    return this.recent.load(async () => {
      const { rows } = await this.#client.request('runs.query', {
        selection: { scope: 'live', text: '', filters: [] },
        sort: { column: 'createdAtMs', direction: 'descending' },
        columns: [],
        offset: 0,
        limit: RECENT,
      });
      const runs = rows.map(({ summary }) => summary);
      this.#remember(runs);
      return runs;
    });
  }

  /** What is known of a run; `ensure` asks for what is not. */
  find(runId: string | undefined): RunSummary | undefined {
    return runId === undefined ? undefined : this.#known.get(runId);
  }

  /** Reads the runs that are not known yet. @throws AppError */
  async ensure(runIds: readonly string[]): Promise<void> {
    const missing = runIds.filter((runId) => !this.#known.has(runId));
    if (missing.length > 0) this.#remember(await this.#client.request('runs.summaries', { runIds: [...missing] }));
  }

  /** @throws AppError as the main process answered */
  async start(request: RequestInput<'runs.start'>): Promise<RunSummary> {
    const run = await this.#client.request('runs.start', request);
    this.put([run]);
    return run;
  }

  /** @throws AppError as the main process answered */
  async startSweep(request: RequestInput<'sweeps.start'>): Promise<AnswerBody<'sweeps.start'>> {
    const started = await this.#client.request('sweeps.start', request);
    this.put(started.runs);
    return started;
  }

  /** Known runs that began with the weights of this one, newest first. */
  childrenOf(parentRunId: string): RunSummary[] {
    return (this.recent.value ?? []).filter((run) => run.parentRunId === parentRunId);
  }

  /** @throws AppError as the main process answered */
  async command(name: 'runs.stop' | 'runs.kill' | 'runs.pause' | 'runs.resume', runId: string): Promise<void> {
    this.put([await this.#client.request(name, { runId })]);
  }

  /** Takes in runs that an answer or an event brought. */
  put(runs: readonly RunSummary[]): void {
    this.#remember(runs);
    const byId = new Map(runs.map((run) => [run.runId, run]));
    const recent = this.recent.value;
    if (recent !== undefined) {
      const known = new Set(recent.map(({ runId }) => runId));
      const added = runs.filter(({ runId }) => !known.has(runId));
      this.recent.value = [...added, ...recent.map((run) => byId.get(run.runId) ?? run)]
        .filter(({ archivedAtMs, trashedAtMs }) => archivedAtMs === null && trashedAtMs === null)
        // What was added may be an old run that somebody edited or took back.
        .sort((left, right) => right.createdAtMs - left.createdAtMs)
        .slice(0, RECENT);
    }
    this.revision += 1;
  }

  #remember(runs: readonly RunSummary[]): void {
    this.#known = new Map([...this.#known, ...runs.map((run) => [run.runId, run] as const)]);
  }
}
