import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { AppError } from '../../src-shared/app-error.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import type { EngineMessage, RunPhase, TrainReport, TrainStart } from '../../src-shared/ipc/engine-protocol.ts';
import type { RunRecord, StoredError } from '../../src-shared/run/records.ts';
import { isResumable, STATUS_TABLE, type RunStatus } from '../../src-shared/run/run-status.ts';
import { getCheckpoint, listCheckpoints } from '../registry/checkpoints.ts';
import { addEvent } from '../registry/events.ts';
import type { Registry } from '../registry/open-registry.ts';
import { newRunId } from '../registry/run-id.ts';
import { abandonedRuns, getRun, insertRun, setRunScores, setRunStatus, touchRun } from '../registry/runs.ts';
import { truncateAfterStep } from '../registry/truncate-run.ts';
import type { EngineExit, EngineLauncher, EngineProcess } from './engine-process.ts';
import { endOfEngine, killedOnRequest } from './exit-reason.ts';
import { storeReport, type Announce } from './metric-sink.ts';
import { isProcessAlive } from './process-alive.ts';
import type { RunEvents } from './run-events.ts';
import { checkpointDirectory, engineLogFile, runDirectory } from './run-files.ts';

/** A run's owner gives a sign of life this often; one that is silent for a minute is taken for dead. */
const OWNER_HEARTBEAT_MS = 5000;
const OWNER_SILENT_MS = 60_000;
/** An engine that says nothing for this long is reported as silent; it may be compiling, so it is left alone. */
const ENGINE_SILENT_MS = 20_000;

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
}

/** A run that has an engine. */
interface ActiveRun {
  readonly engine: EngineProcess;
  phase: RunPhase;
  lastHeardMs: number;
  silent: boolean;
  /** Set when the engine has told its end itself. */
  ended: boolean;
  stopAsked: boolean;
  killAsked: boolean;
}

/**
 * Owns the runs of this process: starts engines (a queue with bounded concurrency), stores what they report, and
 * moves each run through its states. Registry first, then event.
 */
export class Supervisor extends EventEmitter<RunEvents> {
  readonly #db: Registry;
  readonly #home: string;
  readonly #launch: EngineLauncher;
  readonly #concurrency: number;
  readonly #now: () => number;
  readonly #active = new Map<string, ActiveRun>();
  readonly #queue: { runId: string; start: () => TrainStart }[] = [];
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: SupervisorOptions) {
    super();
    this.#db = options.db;
    this.#home = options.home;
    this.#launch = options.launch;
    this.#concurrency = options.concurrency ?? 1;
    this.#now = options.now ?? Date.now;
    this.#heartbeat = setInterval(() => this.#beat(), OWNER_HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /**
   * At start-up: runs whose owner is gone become `interrupted`. Runs of another living process (a terminal beside the
   * app) are left alone.
   */
  recover(): RunRecord[] {
    // Process ids come again: a run that carries ours and is not ours belongs to a dead process.
    const isAlive = (pid: number): boolean => pid !== process.pid && isProcessAlive(pid);
    const abandoned = abandonedRuns(this.#db, this.#now(), OWNER_SILENT_MS, isAlive);
    return abandoned
      .filter(({ runId }) => !this.#active.has(runId))
      .map(({ runId }) => {
        const message =
          'The program that ran it ended without saving. Resume the run to go on from its latest checkpoint.';
        return this.#end(runId, 'interrupted', { code: 'run/failed', message, details: {} });
      });
  }

  /** Adds a run and starts it as soon as there is room. The configuration is taken as checked. */
  create(request: NewRunRequest): RunRecord {
    const { config, name, preset, from, tags } = request;
    const nowMs = this.#now();
    const runId = newRunId(nowMs);
    insertRun(this.#db, {
      runId,
      name,
      config,
      createdAtMs: nowMs,
      preset,
      parentRunId: from?.runId,
      parentCheckpoint: from?.file,
      tags,
    });
    this.#event(runId, 'created', from === undefined ? 'Created.' : `Created, with the weights of ${from.file}.`);
    this.#enqueue(runId, () => this.#firstStart(getRun(this.#db, runId)));
    return getRun(this.#db, runId);
  }

  /**
   * Goes on with a run that ended early, from its latest checkpoint, or from the start where it has none.
   * @throws AppError registry/not-found, run/invalid-state
   */
  resume(runId: string): RunRecord {
    const run = getRun(this.#db, runId);
    if (this.#queue.some((waiting) => waiting.runId === runId)) return run;
    if (!isResumable(run.status)) {
      const why = run.status === 'finished' ? 'it has trained to its end; start a new run instead' : 'it has not ended';
      throw new AppError('run/invalid-state', `Run ${runId} is ${run.status}, so it can't be resumed: ${why}.`, {
        runId,
      });
    }
    setRunStatus(this.#db, runId, 'queued', { nowMs: this.#now() });
    this.#enqueue(runId, () => {
      const latest = getCheckpoint(this.#db, runId, 'latest');
      const step = latest?.step ?? 0;
      truncateAfterStep(this.#db, runId, latest === undefined ? -1 : step);
      this.#event(runId, 'resumed', `Resumed from step ${step}.`, { step });
      return latest === undefined ? this.#firstStart(run) : { kind: 'resume', file: latest.file };
    });
    return getRun(this.#db, runId);
  }

  /** Finish the step, save, end. A waiting run just leaves the queue. */
  stop(runId: string): RunRecord {
    const waiting = this.#queue.findIndex((entry) => entry.runId === runId);
    if (waiting >= 0) {
      this.#queue.splice(waiting, 1);
      return this.#end(runId, 'stopped');
    }
    const active = this.#activeRun(runId, 'stopped');
    if (active.stopAsked) return getRun(this.#db, runId);
    active.stopAsked = true;
    const run = this.#setStatus(runId, 'stopping');
    active.engine.send({ type: 'stop' });
    return run;
  }

  /** Saves and holds between two steps; the run is `paused` once its engine says so. */
  pause(runId: string): RunRecord {
    const active = this.#activeRun(runId, 'paused');
    this.#assertStatus(runId, ['running', 'starting'], 'paused');
    active.engine.send({ type: 'pause' });
    return getRun(this.#db, runId);
  }

  /** Ends a pause. */
  continue(runId: string): RunRecord {
    const active = this.#activeRun(runId, 'continued');
    this.#assertStatus(runId, ['paused'], 'continued');
    active.engine.send({ type: 'continue' });
    return getRun(this.#db, runId);
  }

  /** Ends a run's engine at once, without saving. */
  kill(runId: string): void {
    const active = this.#activeRun(runId, 'killed');
    active.killAsked = true;
    active.engine.kill();
  }

  /** What a starting or running engine is doing; null without one. */
  phaseOf(runId: string): RunPhase | null {
    return this.#active.get(runId)?.phase ?? null;
  }

  /** Runs that this process works on or will work on. */
  ownRunIds(): string[] {
    return [...this.#active.keys(), ...this.#queue.map(({ runId }) => runId)];
  }

  /** Resolves when the run neither waits nor has an engine here. */
  async whenEnded(runId: string): Promise<RunRecord> {
    while (this.#active.has(runId) || this.#queue.some((entry) => entry.runId === runId)) {
      await new Promise<void>((resolve) => {
        const check = (run: RunRecord): void => {
          if (run.runId !== runId || this.#active.has(runId) || !STATUS_TABLE[run.status].isEnd) return;
          this.off('run', check);
          resolve();
        };
        this.on('run', check);
      });
    }
    return getRun(this.#db, runId);
  }

  /** Stops every run and waits until all are saved. */
  async close(): Promise<void> {
    const runIds = this.ownRunIds();
    for (const runId of runIds.toReversed()) this.stop(runId);
    await Promise.all(runIds.map((runId) => this.whenEnded(runId)));
    clearInterval(this.#heartbeat);
  }

  #firstStart(run: RunRecord): TrainStart {
    return run.parentCheckpoint === null ? { kind: 'fresh' } : { kind: 'weights', file: run.parentCheckpoint };
  }

  #enqueue(runId: string, start: () => TrainStart): void {
    this.#queue.push({ runId, start });
    this.#announceRun(runId);
    this.#startNext();
  }

  #startNext(): void {
    while (this.#active.size < this.#concurrency) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#start(next.runId, next.start);
    }
  }

  #start(runId: string, start: () => TrainStart): void {
    try {
      setRunStatus(this.#db, runId, 'starting', { nowMs: this.#now(), ownerPid: process.pid });
      mkdirSync(runDirectory(this.#home, runId), { recursive: true });
      const from = start();
      const { config } = getRun(this.#db, runId);
      const best = listCheckpoints(this.#db, runId).filter(({ kind }) => kind.startsWith('best-'));
      const engine = this.#launch(engineLogFile(this.#home, runId));
      const active: ActiveRun = {
        engine,
        phase: 'starting',
        lastHeardMs: this.#now(),
        silent: false,
        ended: false,
        stopAsked: false,
        killAsked: false,
      };
      this.#active.set(runId, active);
      engine.onMessage((message) => this.#receive(runId, active, message));
      engine.onExit((exit) => this.#exited(runId, active, exit));
      engine.send({
        type: 'train',
        request: {
          runId,
          config,
          checkpointDirectory: checkpointDirectory(this.#home, runId),
          start: from,
          bestFiles: Object.fromEntries(best.map(({ kind, file }) => [kind, file])),
        },
      });
      this.#event(runId, 'started', `Engine process ${engine.pid ?? '?'} started.`, { pid: engine.pid ?? null });
      this.emit('phase', runId, 'starting');
      this.#announceRun(runId);
    } catch (error) {
      this.#active.delete(runId);
      const message = `The engine could not be started: ${error instanceof Error ? error.message : String(error)}`;
      this.#end(runId, 'failed', { code: 'run/failed', message, details: {} });
    }
  }

  #receive(runId: string, active: ActiveRun, message: EngineMessage): void {
    active.lastHeardMs = this.#now();
    if (active.silent) {
      active.silent = false;
      this.emit('silence', runId, 0);
    }
    if (message.type === 'failed') {
      active.ended = true;
      this.#setStatus(runId, 'failed', message.error);
      this.#event(runId, 'failed', message.error.message, message.error.details);
      active.engine.kill();
    } else if (message.type === 'report') {
      try {
        this.#handle(runId, active, message.report);
      } catch (error) {
        // The registry refuses: without it there is nothing to train for. The engine ends at its last checkpoint.
        active.ended = true;
        active.engine.kill();
        throw error;
      }
      active.engine.send({ type: 'acknowledge', sequence: message.sequence });
    }
  }

  #handle(runId: string, active: ActiveRun, report: TrainReport): void {
    switch (report.type) {
      case 'phase':
        active.phase = report.phase;
        if (report.phase === 'training' && getRun(this.#db, runId).status === 'starting')
          this.#setStatus(runId, 'running');
        this.emit('phase', runId, report.phase);
        return;
      case 'paused':
        // Asked to stop meanwhile, or paused before its first step.
        if (active.stopAsked) return;
        if (getRun(this.#db, runId).status === 'starting') this.#setStatus(runId, 'running');
        this.#setStatus(runId, 'paused');
        this.#event(runId, 'paused', `Paused at step ${report.step}.`);
        return;
      case 'continued':
        if (!active.stopAsked) this.#setStatus(runId, 'running');
        this.#event(runId, 'continued', `Went on at step ${report.step}.`);
        return;
      case 'stopped':
        active.ended = true;
        this.#setStatus(runId, 'stopped');
        this.#event(runId, 'stopped', `Stopped and saved at step ${report.step}.`);
        return;
      case 'finished':
        active.ended = true;
        this.#db
          .transaction(() => {
            setRunScores(this.#db, runId, report.scores);
            setRunStatus(this.#db, runId, 'finished', { nowMs: this.#now() });
          })
          .immediate();
        this.#event(runId, 'finished', `Finished after ${report.step} steps.`);
        return;
      default:
        storeReport(this.#db, runId, report, this.#now(), this.#announce);
    }
  }

  #exited(runId: string, active: ActiveRun, exit: EngineExit): void {
    this.#active.delete(runId);
    if (active.ended) this.#announceRun(runId);
    else {
      const { status, error } = active.killAsked ? killedOnRequest() : endOfEngine(exit);
      this.#end(runId, status, error);
    }
    this.emit('phase', runId, null);
    this.#startNext();
  }

  #end(runId: string, status: RunStatus, error?: StoredError): RunRecord {
    setRunStatus(this.#db, runId, status, { nowMs: this.#now(), ...(error === undefined ? {} : { error }) });
    this.#event(runId, status, error?.message ?? `The run is ${status}.`, error?.details ?? {});
    return this.#announceRun(runId);
  }

  #setStatus(runId: string, status: RunStatus, error?: StoredError): RunRecord {
    setRunStatus(this.#db, runId, status, { nowMs: this.#now(), ...(error === undefined ? {} : { error }) });
    return this.#announceRun(runId);
  }

  #announceRun(runId: string): RunRecord {
    const run = getRun(this.#db, runId);
    this.emit('run', run);
    return run;
  }

  readonly #announce: Announce = (name, ...body) => {
    // The emitter's own type can't relate a generic name to its tuple.
    (this.emit as (event: string, ...rest: unknown[]) => boolean).call(this, name, ...body);
  };

  #event(runId: string, kind: string, message: string, details: Record<string, unknown> = {}): void {
    this.emit('event', addEvent(this.#db, { runId, atMs: this.#now(), kind, message, details }));
  }

  #activeRun(runId: string, wish: string): ActiveRun {
    const active = this.#active.get(runId);
    if (active !== undefined) return active;
    const { status } = getRun(this.#db, runId);
    const elsewhere = STATUS_TABLE[status].hasEngine ? ' by another program; do it there' : '';
    throw new AppError('run/invalid-state', `Run ${runId} is ${status}${elsewhere}, so it can't be ${wish}.`, {
      runId,
      status,
    });
  }

  #assertStatus(runId: string, allowed: readonly RunStatus[], wish: string): void {
    const { status } = getRun(this.#db, runId);
    if (allowed.includes(status)) return;
    throw new AppError('run/invalid-state', `Run ${runId} is ${status}, so it can't be ${wish}.`, { runId, status });
  }

  #beat(): void {
    const nowMs = this.#now();
    for (const [runId, active] of this.#active) {
      touchRun(this.#db, runId, nowMs);
      const silentMs = nowMs - active.lastHeardMs;
      if (silentMs < ENGINE_SILENT_MS) continue;
      active.silent = true;
      this.emit('silence', runId, silentMs);
    }
  }
}
