import { EventEmitter } from 'node:events';
import { AppError } from '../../src-shared/app-error.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import type { RunPhase, TrainStart } from '../../src-shared/ipc/engine-protocol.ts';
import type { RunOverview, RunRecord } from '../../src-shared/run/records.ts';
import { isResumable, RUN_STATUSES, STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import { getCheckpoint } from '../registry/checkpoints.ts';
import { addEvent, listEvents } from '../registry/events.ts';
import type { Registry } from '../registry/open-registry.ts';
import { adoptWaitingRuns, enqueueRun, moveInQueue, waitingRunIds } from '../registry/queue.ts';
import { newRunId } from '../registry/run-id.ts';
import { getRun, getRunOverview, getRunOverviews, insertRun, listRunOverviews } from '../registry/runs.ts';
import { truncateAfterStep } from '../registry/truncate-run.ts';
import type { EngineLauncher } from './engine-process.ts';
import { EngineSession } from './engine-session.ts';
import { pinCheckpoint, pinnedCheckpoint } from './pin-checkpoint.ts';
import { isProcessAlive } from './process-alive.ts';
import { interruptAbandonedRuns } from './recovery.ts';
import { RunBook } from './run-book.ts';
import type { RunEvents } from './run-events.ts';
import { pinnedFolder } from './run-files.ts';

/** A run's owner gives a sign of life this often. */
const OWNER_HEARTBEAT_MS = 5000;

export interface SupervisorOptions {
  readonly db: Registry;
  /** The user's folder. */
  readonly home: string;
  readonly launch: EngineLauncher;
  /** Engines at work at the same time. */
  readonly concurrency?: number;
  readonly now?: () => number;
}

export interface NewRunRequest {
  readonly config: RunConfig;
  readonly name: string;
  readonly preset?: string | undefined;
  /** Weights to begin with. */
  readonly from?: { readonly file: string; readonly runId?: string | undefined } | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly sweepId?: string | undefined;
  /** The run whose configuration this one began with. */
  readonly forkOf?: string | undefined;
}

/**
 * Owns the runs of this process: starts engines (a queue with bounded concurrency), stores what they report, and
 * moves each run through its states. Registry first, then event. The queue lives in the registry alone, so that it
 * outlives this process.
 */
export class Supervisor extends EventEmitter<RunEvents> {
  readonly #db: Registry;
  readonly #book: RunBook;
  readonly #options: SupervisorOptions;
  readonly #sessions = new Map<string, EngineSession>();
  readonly #heartbeat: NodeJS.Timeout;
  #concurrency: number;
  #closing = false;
  /** Changes when another process has written to the registry. */
  #dataVersion: unknown;
  /** Runs that other programs were at work on when last looked at. */
  #others: string[] = [];

  constructor(options: SupervisorOptions) {
    super();
    // Every page, the notifications and the sampler listen.
    this.setMaxListeners(50);
    this.#db = options.db;
    this.#options = options;
    this.#concurrency = options.concurrency ?? 1;
    this.#book = new RunBook(options.db, this, options.now ?? (() => Date.now()));
    this.#heartbeat = setInterval(() => this.#beat(), OWNER_HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Runs whose owner is gone become `interrupted`; those of another living process are left alone. */
  recover(): RunOverview[] {
    const interrupted = interruptAbandonedRuns(this.#db, this.#book.now(), this.#sessions);
    for (const { runId } of interrupted) this.#book.announceRun(runId);
    return interrupted;
  }

  /** Takes up the runs that waited in the queue of a process that is gone, in their order; all, or those of a sweep. */
  adoptQueue(sweepId?: string): void {
    // Where a dead process had our id, its runs are in our line already.
    for (const runId of adoptWaitingRuns(this.#db, process.pid, isProcessAlive, sweepId)) this.#book.announceRun(runId);
    this.#queueChanged();
  }

  /** Adds a run and starts it as soon as there is room. The configuration is taken as checked. */
  create(request: NewRunRequest): RunRecord {
    const [run] = this.createAll([request]);
    if (run === undefined) throw new Error('A created run is lost.');
    return run;
  }

  /** Adds several in their order, all or none, before the first one starts. */
  createAll(requests: readonly NewRunRequest[]): RunRecord[] {
    const runIds = this.#db.transaction(() => requests.map((request) => this.#insert(request))).immediate();
    runIds.forEach((runId, index) => {
      const file = requests[index]?.from?.file;
      if (file !== undefined) pinCheckpoint(file, pinnedFolder(this.#options.home, runId));
      this.#book.announceRun(runId);
    });
    this.#queueChanged();
    return runIds.map((runId) => getRun(this.#db, runId));
  }

  /**
   * Goes on with a run that ended early, from its latest checkpoint, or from the start where it has none.
   * @throws AppError registry/not-found, run/invalid-state
   */
  resume(runId: string): RunRecord {
    const run = getRun(this.#db, runId);
    if (run.status === 'queued' && this.waitingRunIds().includes(runId)) return run;
    const refuse = (why: string): never => {
      throw new AppError('run/invalid-state', `Run ${runId} is ${run.status}, so it can't be resumed: ${why}.`, {
        runId,
      });
    };
    if (run.trashedAtMs !== null) refuse('it is in the trash; restore it first');
    if (run.status === 'finished') refuse('it has trained to its end; start a new run instead');
    if (!isResumable(run.status)) refuse('it has not ended');
    this.#book.setStatus(runId, 'queued');
    enqueueRun(this.#db, runId, process.pid);
    this.#book.announceRun(runId);
    this.#queueChanged();
    return getRun(this.#db, runId);
  }

  /** Finish the step, save, end. A waiting run just leaves the queue. */
  stop(runId: string): RunOverview {
    const session = this.#sessions.get(runId);
    if (session !== undefined) return session.stop();
    if (!this.waitingRunIds().includes(runId)) return this.#session(runId, 'stopped').stop();
    const run = this.#book.end(runId, 'stopped');
    this.#queueChanged();
    return run;
  }

  /** Saves and holds between two steps; the run is `paused` once its engine says so. */
  pause(runId: string): RunOverview {
    return this.#session(runId, 'paused').pause();
  }

  /** Ends a pause. */
  continue(runId: string): RunOverview {
    return this.#session(runId, 'continued').continue();
  }

  /** Ends a run's engine at once, without saving; `whenEnded` tells when it is gone. */
  kill(runId: string): void {
    this.#session(runId, 'killed').kill();
  }

  get concurrency(): number {
    return this.#concurrency;
  }

  /** More engines start at once where runs wait; fewer take effect as engines end. */
  setConcurrency(concurrency: number): void {
    this.#concurrency = concurrency;
    this.#queueChanged();
  }

  /** @throws AppError run/invalid-state where a run does not wait */
  moveInQueue(runId: string, before: string | null): void {
    moveInQueue(this.#db, process.pid, runId, before);
    this.emit('queue');
  }

  /** Waiting runs of this process, first in line first. */
  waitingRunIds(): string[] {
    return waitingRunIds(this.#db, process.pid);
  }

  /** Runs of this process that have an engine, in the order of their starts. */
  activeRunIds(): string[] {
    return [...this.#sessions.keys()];
  }

  /** Runs that this process works on or will work on. */
  ownRunIds(): string[] {
    return [...this.activeRunIds(), ...this.waitingRunIds()];
  }

  /** What a starting or running engine is doing; null without one. */
  phaseOf(runId: string): RunPhase | null {
    return this.#sessions.get(runId)?.phase ?? null;
  }

  /** Since when a run's engine has not said a word, once that is remarkably long. */
  silentSinceMs(runId: string): number | null {
    return this.#sessions.get(runId)?.silentSinceMs ?? null;
  }

  /** Process ids of this process's engines by run. */
  enginePids(): Map<string, number> {
    const pids = new Map<string, number>();
    for (const [runId, { pid }] of this.#sessions) if (pid !== undefined) pids.set(runId, pid);
    return pids;
  }

  /** Resolves when the run neither waits nor has an engine here. */
  async whenEnded(runId: string): Promise<RunRecord> {
    const isOwn = (): boolean => this.#sessions.has(runId) || this.waitingRunIds().includes(runId);
    while (isOwn()) {
      await new Promise<void>((resolve) => {
        const check = (run: RunOverview): void => {
          if (run.runId !== runId || this.#sessions.has(runId) || !STATUS_TABLE[run.status].isEnd) return;
          this.off('run', check);
          resolve();
        };
        this.on('run', check);
      });
    }
    return getRun(this.#db, runId);
  }

  /** Stops every engine and waits until all is saved. What waits goes on waiting, for the next process. */
  async close(): Promise<void> {
    this.#closing = true;
    const runIds = this.activeRunIds();
    for (const runId of runIds) {
      try {
        this.stop(runId);
      } catch {
        // Another program has taken this one for dead and ended the run: its engine must not train on.
        this.kill(runId);
      }
    }
    await Promise.all(runIds.map((runId) => this.whenEnded(runId)));
    clearInterval(this.#heartbeat);
  }

  #insert({ config, name, preset, from, tags, sweepId, forkOf }: NewRunRequest): string {
    const nowMs = this.#book.now();
    const runId = newRunId(nowMs);
    const parent = { parentRunId: from?.runId, parentCheckpoint: from?.file };
    insertRun(this.#db, { runId, name, config, createdAtMs: nowMs, preset, tags, sweepId, ...parent });
    enqueueRun(this.#db, runId, process.pid);
    const weights = from === undefined ? '' : `, with the weights of ${from.file}`;
    const origin = forkOf === undefined ? '' : ` from the configuration of run ${forkOf}`;
    const message = `Created${origin}${weights}.`;
    addEvent(this.#db, {
      runId,
      atMs: nowMs,
      kind: 'created',
      message,
      details: forkOf === undefined ? {} : { forkOf },
    });
    return runId;
  }

  #queueChanged(): void {
    while (!this.#closing && this.#sessions.size < this.#concurrency) {
      const [next] = this.waitingRunIds();
      if (next === undefined) break;
      this.#start(next);
    }
    this.emit('queue');
  }

  #start(runId: string): void {
    try {
      this.#book.setStatus(runId, 'starting', { ownerPid: process.pid });
      const session = new EngineSession(this.#book, this.#options, runId, this.#startOf(runId), () => {
        this.#sessions.delete(runId);
        // After whoever waits for the end of this run has heard of it.
        queueMicrotask(() => this.#afterEnd());
      });
      this.#sessions.set(runId, session);
      this.emit('phase', runId, 'starting');
      this.#book.announceRun(runId);
    } catch (error) {
      this.#sessions.delete(runId);
      const message = `The engine could not be started: ${error instanceof Error ? error.message : String(error)}`;
      const run = this.#book.end(runId, 'failed', { code: 'run/failed', message, details: {} });
      this.emit('ended', run);
    }
  }

  #afterEnd(): void {
    // The registry may have been closed meanwhile.
    if (this.#db.open) this.#queueChanged();
  }

  /** Where the weights come from: its own latest checkpoint, else where it began. Forgets what will be measured again. */
  #startOf(runId: string): TrainStart {
    const { parentCheckpoint } = getRunOverview(this.#db, runId);
    const latest = getCheckpoint(this.#db, runId, 'latest');
    if (listEvents(this.#db, runId).some(({ kind }) => kind === 'started')) {
      const step = latest?.step ?? 0;
      truncateAfterStep(this.#db, runId, latest?.step ?? -1);
      this.#book.event(runId, 'resumed', `Resumed from step ${step}.`, { step });
    }
    if (latest !== undefined) return { kind: 'resume', file: latest.file };
    if (parentCheckpoint === null) return { kind: 'fresh' };
    return { kind: 'weights', file: pinnedCheckpoint(parentCheckpoint, pinnedFolder(this.#options.home, runId)) };
  }

  #session(runId: string, wish: string): EngineSession {
    const session = this.#sessions.get(runId);
    if (session !== undefined) return session;
    const { status } = getRunOverview(this.#db, runId);
    const elsewhere = STATUS_TABLE[status].hasEngine ? ' by another program; do it there' : '';
    throw new AppError('run/invalid-state', `Run ${runId} is ${status}${elsewhere}, so it can't be ${wish}.`, {
      runId,
      status,
    });
  }

  #beat(): void {
    const nowMs = this.#book.now();
    for (const session of this.#sessions.values()) session.beat(nowMs);
    this.recover();
    this.#followOthers();
  }

  /** Tells how runs of other programs (a terminal beside the app) go on, as far as the registry has changed. */
  #followOthers(): void {
    const version: unknown = this.#db.pragma('data_version', { simple: true });
    if (version === this.#dataVersion) return;
    this.#dataVersion = version;
    const working = RUN_STATUSES.filter((status) => STATUS_TABLE[status].hasEngine);
    const others = listRunOverviews(this.#db, { statuses: working })
      .map(({ runId }) => runId)
      .filter((runId) => !this.#sessions.has(runId));
    // Those of the last time too: they may have ended since.
    const known = getRunOverviews(this.#db, [...new Set([...this.#others, ...others])]);
    for (const { runId } of known) this.#book.announceRun(runId);
    this.#others = others;
  }
}
