import type { EventEmitter } from 'node:events';
import type { RunOverview, StoredError } from '../../src-shared/run/records.ts';
import type { RunStatus } from '../../src-shared/run/run-status.ts';
import { addEvent } from '../registry/events.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRunOverview, setRunStatus } from '../registry/runs.ts';
import type { Announce } from './metric-sink.ts';
import type { RunEvents } from './run-events.ts';

/** Writes what happens to runs: registry first, then event. */
export class RunBook {
  readonly db: Registry;
  readonly now: () => number;
  readonly #listeners: EventEmitter<RunEvents>;

  constructor(db: Registry, listeners: EventEmitter<RunEvents>, now: () => number) {
    this.db = db;
    this.now = now;
    this.#listeners = listeners;
  }

  get(runId: string): RunOverview {
    return getRunOverview(this.db, runId);
  }

  setStatus(runId: string, status: RunStatus, change: { error?: StoredError; ownerPid?: number } = {}): RunOverview {
    setRunStatus(this.db, runId, status, { nowMs: this.now(), ...change });
    return this.announceRun(runId);
  }

  /** Moves a run to its end and notes it among its events. */
  end(runId: string, status: RunStatus, error?: StoredError): RunOverview {
    this.event(runId, status, error?.message ?? `The run is ${status}.`, error?.details ?? {});
    return this.setStatus(runId, status, error === undefined ? {} : { error });
  }

  event(runId: string, kind: string, message: string, details: Record<string, unknown> = {}): void {
    this.announce('event', addEvent(this.db, { runId, atMs: this.now(), kind, message, details }));
  }

  announceRun(runId: string): RunOverview {
    const run = this.get(runId);
    this.announce('run', run);
    return run;
  }

  readonly announce: Announce = (name, ...body) => {
    // The emitter's own type can't relate a generic name to its tuple.
    (this.#listeners.emit as (event: string, ...rest: unknown[]) => boolean).call(this.#listeners, name, ...body);
  };
}
