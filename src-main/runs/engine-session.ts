import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { AppError } from '../../src-shared/app-error.ts';
import type { EngineMessage, RunPhase, TrainReport, TrainStart } from '../../src-shared/ipc/engine-protocol.ts';
import type { RunOverview, StoredError } from '../../src-shared/run/records.ts';
import { STATUS_TABLE, type RunStatus } from '../../src-shared/run/run-status.ts';
import { listCheckpoints } from '../registry/checkpoints.ts';
import { getRun, setRunScores, setRunStatus, touchRun } from '../registry/runs.ts';
import { raisePeakMemory, setRunDiskBytes, setRunMachine } from '../registry/run-resources.ts';
import { rowBytes } from '../registry/row-bytes.ts';
import { readProcessUse } from '../system/process-use.ts';
import { folderBytes } from './disk-use.ts';
import type { EngineExit, EngineLauncher, EngineProcess } from './engine-process.ts';
import { endOfEngine, killedOnRequest } from './exit-reason.ts';
import { storeReport } from './metric-sink.ts';
import type { RunBook } from './run-book.ts';
import { checkpointDirectory, dataDirectory, engineLogFile, runDirectory } from './run-files.ts';

/** An engine that says nothing for this long is reported as silent; it may be compiling, so it is left alone. */
const ENGINE_SILENT_MS = 20_000;

/** One run with its engine process, from start to exit. */
export class EngineSession {
  readonly runId: string;
  readonly #book: RunBook;
  readonly #engine: EngineProcess;
  readonly #onGone: () => void;
  #phase: RunPhase = 'starting';
  readonly #home: string;
  readonly #startedMs: number;
  #lastHeardMs: number;
  #silentSinceMs: number | null = null;
  /** Set when the engine has told its end itself. */
  #ended = false;
  #stopAsked = false;
  #killAsked = false;
  /** Why this side gave the run up. */
  #givenUp: StoredError | undefined;

  /**
   * Launches the engine and tells it what to train.
   * @param onGone called once the process is gone and the run's end is stored
   * @throws whatever the launcher or the file system throws; nothing runs then
   */
  constructor(
    book: RunBook,
    { home, launch }: { readonly home: string; readonly launch: EngineLauncher },
    runId: string,
    start: TrainStart,
    onGone: () => void,
  ) {
    this.runId = runId;
    this.#book = book;
    this.#onGone = onGone;
    this.#home = home;
    this.#startedMs = book.now();
    this.#lastHeardMs = this.#startedMs;
    setRunMachine(book.db, runId, hostname());
    mkdirSync(runDirectory(home, runId), { recursive: true });
    const { config } = getRun(book.db, runId);
    const best = listCheckpoints(book.db, runId).filter(({ kind }) => kind.startsWith('best-'));
    this.#engine = launch(engineLogFile(home, runId));
    this.#engine.onMessage((message) => this.#receive(message));
    this.#engine.onExit((exit) => this.#exited(exit));
    this.#engine.send({
      type: 'train',
      request: {
        runId,
        config,
        dataDirectory: dataDirectory(home),
        checkpointDirectory: checkpointDirectory(home, runId),
        start,
        bestFiles: Object.fromEntries(best.map(({ kind, file }) => [kind, file])),
      },
    });
    const { pid } = this.#engine;
    book.event(runId, 'started', `Engine process ${pid ?? '?'} started.`, { pid: pid ?? null });
  }

  get pid(): number | undefined {
    return this.#engine.pid;
  }

  get phase(): RunPhase {
    return this.#phase;
  }

  /** Since when the engine has not said a word, once that is remarkably long. */
  get silentSinceMs(): number | null {
    return this.#silentSinceMs;
  }

  /** Finish the step, save, end. */
  stop(): RunOverview {
    // It may have told its end already and be about to exit.
    if (this.#stopAsked || this.#ended) return this.#book.get(this.runId);
    this.#stopAsked = true;
    const run = this.#book.setStatus(this.runId, 'stopping');
    this.#engine.send({ type: 'stop' });
    return run;
  }

  /** Saves and holds between two steps; the run is `paused` once its engine says so. */
  pause(): RunOverview {
    this.#assertStatus(['running', 'starting'], 'paused');
    this.#engine.send({ type: 'pause' });
    return this.#book.get(this.runId);
  }

  /** Ends a pause. */
  continue(): RunOverview {
    this.#assertStatus(['paused'], 'continued');
    this.#engine.send({ type: 'continue' });
    return this.#book.get(this.runId);
  }

  /** Ends the process at once, without saving. */
  kill(): void {
    this.#killAsked = true;
    this.#engine.kill();
  }

  /** A sign of life of the owner; tells when the engine has become silent. */
  beat(nowMs: number): void {
    touchRun(this.#book.db, this.runId, nowMs);
    const silentMs = nowMs - this.#lastHeardMs;
    if (silentMs < ENGINE_SILENT_MS) return;
    const isNews = this.#silentSinceMs === null;
    this.#silentSinceMs = this.#lastHeardMs;
    this.#book.announce('silence', this.runId, silentMs);
    if (isNews) this.#book.announceRun(this.runId);
  }

  #receive(message: EngineMessage): void {
    this.#lastHeardMs = this.#book.now();
    if (this.#silentSinceMs !== null) {
      this.#silentSinceMs = null;
      this.#book.announce('silence', this.runId, 0);
      this.#book.announceRun(this.runId);
    }
    if (this.#givenUp !== undefined) return;
    try {
      if (message.type === 'failed') {
        this.#ended = true;
        this.#book.end(this.runId, 'failed', message.error);
        this.#engine.kill();
      } else if (message.type === 'report') {
        this.#handle(message.report);
        this.#engine.send({ type: 'acknowledge', sequence: message.sequence });
      }
    } catch (error) {
      // The registry refuses: without it there is nothing to train for. The run can go on from its last checkpoint.
      this.#ended = false;
      this.#givenUp = {
        code: 'file/io',
        message: `What the run measured could not be stored: ${textOf(error)}. Check the free space of the home folder, then resume the run.`,
        details: {},
      };
      this.#engine.kill();
    }
  }

  #handle(report: TrainReport): void {
    const { runId } = this;
    const book = this.#book;
    switch (report.type) {
      case 'phase':
        this.#phase = report.phase;
        if (report.phase === 'training' && book.get(runId).status === 'starting') this.#trains();
        book.announce('phase', runId, report.phase);
        return;
      case 'paused':
        // Asked to stop meanwhile, or paused before its first step.
        if (this.#stopAsked) return;
        if (book.get(runId).status === 'starting') this.#trains();
        book.event(runId, 'paused', `Paused at step ${report.step}.`);
        book.setStatus(runId, 'paused');
        return;
      case 'continued':
        book.event(runId, 'continued', `Went on at step ${report.step}.`);
        if (!this.#stopAsked) book.setStatus(runId, 'running');
        return;
      case 'stopped':
        this.#ended = true;
        this.#measure();
        book.event(runId, 'stopped', `Stopped and saved at step ${report.step}.`);
        book.setStatus(runId, 'stopped');
        return;
      case 'finished':
        this.#ended = true;
        this.#measure();
        book.db
          .transaction(() => {
            setRunScores(book.db, runId, report.scores);
            setRunStatus(book.db, runId, 'finished', { nowMs: book.now() });
          })
          .immediate();
        book.event(runId, 'finished', `Finished after ${report.step} steps.`);
        book.announceRun(runId);
        return;
      default:
        storeReport(book.db, runId, report, book.now(), book.announce);
        if (report.type === 'checkpoint') this.#measure();
    }
  }

  #trains(): void {
    const seconds = (this.#book.now() - this.#startedMs) / 1000;
    this.#book.event(this.runId, 'training', `Training began ${seconds.toFixed(1)} s after the engine's start.`);
    this.#book.setStatus(this.runId, 'running');
  }

  /** Notes what the run takes: memory at once, disk when it has been looked at. */
  #measure(): void {
    const { db } = this.#book;
    const use = this.pid === undefined ? undefined : readProcessUse(this.pid);
    if (use !== undefined) raisePeakMemory(db, this.runId, use.peakMemoryBytes);
    const folder = runDirectory(this.#home, this.runId);
    folderBytes(folder).then(
      (bytes) => {
        // The registry may have been closed, or the run purged, meanwhile.
        if (db.open) setRunDiskBytes(db, this.runId, bytes + rowBytes(db, this.runId));
      },
      (error: unknown) => process.stderr.write(`${folder} can't be measured: ${textOf(error)}\n`),
    );
  }

  #exited(exit: EngineExit): void {
    const book = this.#book;
    try {
      // Another program may have taken this one for dead and ended the run.
      if (!this.#ended && !STATUS_TABLE[book.get(this.runId).status].isEnd) {
        const { status, error } =
          this.#givenUp !== undefined
            ? { status: 'failed' as const, error: this.#givenUp }
            : this.#killAsked
              ? killedOnRequest()
              : endOfEngine(exit);
        setRunStatus(book.db, this.runId, status, { nowMs: book.now(), error });
        book.event(this.runId, status, error.message, error.details);
      }
    } catch (error) {
      // A registry that can't be written: at the next start the run is found without an owner.
      process.stderr.write(`The end of run ${this.runId} could not be stored: ${textOf(error)}\n`);
    }
    this.#onGone();
    book.announce('phase', this.runId, null);
    const run = book.announceRun(this.runId);
    if (!this.#stopAsked && !this.#killAsked) book.announce('ended', run);
  }

  #assertStatus(allowed: readonly RunStatus[], wish: string): void {
    const { runId } = this;
    const { status } = this.#book.get(runId);
    if (allowed.includes(status)) return;
    throw new AppError('run/invalid-state', `Run ${runId} is ${status}, so it can't be ${wish}.`, { runId, status });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
