import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import { STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import type { Client } from '../ipc/client.ts';

const MOST_PER_READ = 200;
/** A running run's line is read again this often at most. */
const RENEW_MS = 5000;
/** Scrolling past a run doesn't read it. */
const SETTLE_MS = 120;
const MOST_KEPT = 2000;

interface Line {
  readonly values: readonly number[];
  readonly step: number;
  readonly readAtMs: number;
}

/** Losses of runs as short lines, read for the rows that somebody looks at and kept. */
export class Sparklines {
  #lines = $state.raw<ReadonlyMap<string, Line>>(new Map());
  readonly #client: Client;
  #wanted: readonly RunSummary[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Undefined while it is not known. */
  of(runId: string): readonly number[] | undefined {
    return this.#lines.get(runId)?.values;
  }

  /** Says which runs are in sight. */
  want(runs: readonly RunSummary[]): void {
    this.#wanted = runs;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, SETTLE_MS);
  }

  async #read(): Promise<void> {
    const nowMs = performance.now();
    const due = this.#wanted.filter((run) => this.#isDue(run, nowMs)).slice(0, MOST_PER_READ);
    if (due.length === 0) return;
    let read: { runId: string; values: number[] }[];
    try {
      read = await this.#client.request('runs.sparklines', { runIds: due.map(({ runId }) => runId) });
    } catch {
      // A line that can't be read stays away; the row says everything else, and the next look tries again.
      return;
    }
    const steps = new Map(due.map((run) => [run.runId, run.progress?.step ?? 0]));
    const lines = new Map(this.#lines);
    for (const { runId, values } of read) {
      lines.delete(runId);
      lines.set(runId, { values, step: steps.get(runId) ?? 0, readAtMs: nowMs });
    }
    this.#lines = new Map([...lines].slice(-MOST_KEPT));
  }

  #isDue(run: RunSummary, nowMs: number): boolean {
    const line = this.#lines.get(run.runId);
    const step = run.progress?.step ?? 0;
    if (line === undefined) return step > 0;
    if (line.step === step) return false;
    return STATUS_TABLE[run.status].isEnd || nowMs - line.readAtMs > RENEW_MS;
  }
}
