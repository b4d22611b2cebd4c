import type { RequestBody } from '../../src-shared/ipc/contract.ts';
import type { Client } from '../ipc/client.ts';
import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import { Remote } from './remote.svelte.ts';

/** All runs, newest first, kept current by events. */
export class RunList {
  readonly list = new Remote<RunSummary[]>();
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
    client.on('run.changed', (run) => {
      this.#put(run);
    });
  }

  load(): Promise<void> {
    return this.list.load(() => this.#client.request('runs.list', {}));
  }

  find(runId: string | undefined): RunSummary | undefined {
    return this.list.value?.find((run) => run.runId === runId);
  }

  /** @throws AppError as the main process answered */
  async start(request: RequestBody<'runs.start'>): Promise<RunSummary> {
    const run = await this.#client.request('runs.start', request);
    this.#put(run);
    return run;
  }

  /** Runs that began with the weights of this one, newest first. */
  childrenOf(parentRunId: string): RunSummary[] {
    return (this.list.value ?? []).filter((run) => run.parentRunId === parentRunId);
  }

  /** @throws AppError as the main process answered */
  async command(name: 'runs.stop' | 'runs.pause' | 'runs.resume', runId: string): Promise<void> {
    this.#put(await this.#client.request(name, { runId }));
  }

  #put(run: RunSummary): void {
    const runs = this.list.value ?? [];
    const known = runs.some(({ runId }) => runId === run.runId);
    this.list.value = known ? runs.map((one) => (one.runId === run.runId ? run : one)) : [run, ...runs];
  }
}
