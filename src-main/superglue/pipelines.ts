import { EventEmitter } from 'node:events';
import { AppError, toAppError } from '../../src-shared/app-error.ts';
import { configError } from '../../src-shared/config/config-problem.ts';
import { SUPERGLUE_TASK_NAMES } from '../../src-shared/config/superglue-tasks.ts';
import type { RunOverview } from '../../src-shared/run/records.ts';
import { isResumable, STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import type { Registry } from '../registry/open-registry.ts';
import { pipelineRunIds, pipelineRuns } from '../registry/pipeline-runs.ts';
import {
  deletePipeline,
  getPipeline,
  insertPipeline,
  knownPipeline,
  listPipelines,
  setPipelineOwner,
  setPipelineTrashed,
  type PipelineRecord,
} from '../registry/pipelines.ts';
import { setRunTrashed } from '../registry/run-edits.ts';
import { getRunOverviews } from '../registry/runs.ts';
import { newSweepId } from '../registry/sweeps.ts';
import type { EngineLauncher } from '../runs/engine-process.ts';
import { isProcessAlive } from '../runs/process-alive.ts';
import { dataDirectory } from '../runs/run-files.ts';
import type { Supervisor } from '../runs/supervisor.ts';
import { checkPipeline, type CheckedPipeline, type PipelineRequest } from './check.ts';
import { nextPrediction, pipelineState, type PipelineState, type PredictionState } from './pipeline-state.ts';
import { storedPrediction } from './prediction-files.ts';
import { Predictor } from './predictor.ts';
import { SetFacts } from './set-facts.ts';

/** First word of a pipeline's id. */
const ID_KIND = 'superglue';

export interface PipelineOptions {
  readonly db: Registry;
  readonly home: string;
  readonly supervisor: Supervisor;
  readonly launch: EngineLauncher;
  readonly now?: () => number;
}

interface PipelineEvents {
  /** Anything of it may have changed. */
  changed: [pipelineId: string];
  removed: [pipelineIds: readonly string[]];
  /** All there is to have is there. */
  finished: [state: PipelineState];
  /** A prediction was stored, or could not be made. */
  predicted: [pipelineId: string, prediction: PredictionState];
}

/**
 * SuperGLUE pipelines: groups of ordinary runs, and what the best of each task predicts. All of it follows from rows and
 * files, so that a pipeline goes on where it was whatever ended it. Registry first, then event.
 */
export class SuperGluePipelines extends EventEmitter<PipelineEvents> {
  readonly #options: PipelineOptions;
  readonly #db: Registry;
  readonly #facts: SetFacts;
  readonly #predictor: Predictor;
  #predicting: Promise<void> | undefined;
  #isClosing = false;

  constructor(options: PipelineOptions) {
    super();
    this.#options = options;
    this.#db = options.db;
    this.#facts = new SetFacts(dataDirectory(options.home));
    this.#predictor = new Predictor(options);
    options.supervisor.on('run', this.#onRun);
  }

  /** Takes up the predictions of pipelines whose process is gone. */
  adopt(): void {
    for (const { pipelineId, ownerPid } of listPipelines(this.#db, { trashed: false })) {
      if (ownerPid !== null && !isProcessAlive(ownerPid)) setPipelineOwner(this.#db, pipelineId, process.pid);
    }
    this.#predict();
  }

  /** What a pipeline would start, and all that is wrong with it. */
  check(request: PipelineRequest): Promise<CheckedPipeline> {
    return checkPipeline(this.#facts, request);
  }

  /** All of its runs or none, queued in their order. @throws AppError config/invalid with nothing written */
  async start(request: PipelineRequest): Promise<PipelineState> {
    const { name, set, runs, problems } = await this.check(request);
    if (problems.length > 0) throw configError(problems);
    const { source } = request;
    const createdAtMs = (this.#options.now ?? Date.now)();
    const pipelineId = newSweepId(createdAtMs, ID_KIND);
    insertPipeline(this.#db, {
      pipelineId,
      name,
      createdAtMs,
      sourceRunId: source?.runId ?? null,
      sourceName: source?.name ?? null,
      sourceCheckpoint: source?.checkpoint ?? null,
      superglue: set,
      tasks: SUPERGLUE_TASK_NAMES.filter((task) => request.tasks.includes(task)),
      learningRates: request.learningRates,
      seeds: request.seeds,
      ownerPid: process.pid,
    });
    const from = source === null ? undefined : { file: source.file, runId: source.runId ?? undefined };
    this.#options.supervisor.createAll(
      runs.map(({ name: runName, config }) => ({ config, name: runName, from, sweepId: pipelineId })),
    );
    this.emit('changed', pipelineId);
    return this.state(pipelineId);
  }

  /** @throws AppError registry/not-found */
  state(pipelineId: string): PipelineState {
    return this.#stateOf(getPipeline(this.#db, pipelineId));
  }

  /** Newest first. */
  list(filter: Parameters<typeof listPipelines>[1]): PipelineState[] {
    return listPipelines(this.#db, filter).map((record) => this.#stateOf(record));
  }

  /**
   * Queues again what ended early, and predicts what is missing.
   * @throws AppError registry/not-found, run/invalid-state for one in the trash
   */
  resume(pipelineId: string): PipelineState {
    const { supervisor } = this.#options;
    if (getPipeline(this.#db, pipelineId).trashedAtMs !== null) {
      throw new AppError('run/invalid-state', 'This group is in the trash; restore it first.', { pipelineId });
    }
    const { ownerPid } = getPipeline(this.#db, pipelineId);
    if (ownerPid === null || !isProcessAlive(ownerPid)) setPipelineOwner(this.#db, pipelineId, process.pid);
    this.#predictor.forgetFailures(new Set(pipelineRunIds(this.#db, pipelineId)));
    supervisor.recover();
    supervisor.adoptQueue(pipelineId);
    for (const { run, fate } of this.state(pipelineId).cells) {
      if (run !== undefined && fate === 'endedEarly' && isResumable(run.status)) supervisor.resume(run.runId);
    }
    this.#predict();
    this.emit('changed', pipelineId);
    return this.state(pipelineId);
  }

  /**
   * Waiting runs leave the queue, those at work finish their step and save, a prediction is given up.
   * @throws AppError registry/not-found, run/invalid-state where another program works on one
   */
  stop(pipelineId: string): PipelineState {
    const { supervisor } = this.#options;
    this.#assertOwnWork(pipelineId);
    setPipelineOwner(this.#db, pipelineId, null);
    const runIds = pipelineRunIds(this.#db, pipelineId);
    this.#predictor.cancel(new Set(runIds));
    const own = new Set(supervisor.ownRunIds());
    // Waiting ones first: the end of one at work would start the next.
    const active = new Set(supervisor.activeRunIds());
    const ordered = [...runIds.filter((runId) => !active.has(runId)), ...runIds.filter((runId) => active.has(runId))];
    for (const runId of ordered) if (own.has(runId)) supervisor.stop(runId);
    this.emit('changed', pipelineId);
    return this.state(pipelineId);
  }

  /** With all its runs, out of sight. @throws AppError registry/not-found, run/invalid-state while one is at work */
  trash(pipelineIds: readonly string[]): PipelineState[] {
    const states = pipelineIds.map((pipelineId) => this.state(pipelineId));
    const working = states.find(({ cells }) => cells.some(({ fate }) => fate === 'working'));
    if (working !== undefined) {
      const { name, pipelineId } = working.record;
      throw new AppError('run/invalid-state', `'${name}' has a run at work; stop it first.`, { pipelineId });
    }
    const nowMs = (this.#options.now ?? Date.now)();
    const empty: string[] = [];
    for (const { record } of states) {
      const { pipelineId } = record;
      this.stop(pipelineId);
      const runs = getRunOverviews(this.#db, pipelineRunIds(this.#db, pipelineId));
      if (runs.length === 0) {
        deletePipeline(this.#db, pipelineId);
        empty.push(pipelineId);
      } else {
        const live = runs.filter(({ trashedAtMs }) => trashedAtMs === null).map(({ runId }) => runId);
        this.#setTrashed(pipelineId, live, nowMs);
      }
    }
    if (empty.length > 0) this.emit('removed', empty);
    return pipelineIds.filter((id) => !empty.includes(id)).map((id) => this.state(id));
  }

  /** Those of its runs too that went to the trash with it. @throws AppError registry/not-found */
  restore(pipelineIds: readonly string[]): PipelineState[] {
    for (const pipelineId of pipelineIds) {
      const { trashedAtMs } = getPipeline(this.#db, pipelineId);
      const together = getRunOverviews(this.#db, pipelineRunIds(this.#db, pipelineId)).filter(
        (run) => run.trashedAtMs !== null && run.trashedAtMs === trashedAtMs,
      );
      this.#setTrashed(
        pipelineId,
        together.map(({ runId }) => runId),
        null,
      );
    }
    return pipelineIds.map((pipelineId) => this.state(pipelineId));
  }

  /** Runs of these pipelines were trashed, restored or purged. */
  runsChanged(pipelineIds: readonly string[]): void {
    const gone = pipelineIds.filter((pipelineId) => knownPipeline(this.#db, pipelineId) === undefined);
    if (gone.length > 0) this.emit('removed', gone);
    for (const pipelineId of pipelineIds) if (!gone.includes(pipelineId)) this.emit('changed', pipelineId);
    this.#predict();
  }

  /** Resolves when nothing of it is at work or waits in this process any more. */
  async whenQuiet(pipelineId: string): Promise<PipelineState> {
    for (;;) {
      const own = new Set(this.#options.supervisor.ownRunIds());
      const runId = pipelineRunIds(this.#db, pipelineId).find((id) => own.has(id));
      if (runId !== undefined) await this.#options.supervisor.whenEnded(runId);
      else if (this.#predicting !== undefined) await this.#predicting;
      else if (this.#isOwn(pipelineId) && nextPrediction(this.state(pipelineId)) !== undefined) this.#predict();
      else return this.state(pipelineId);
      if (this.#isClosing) return this.state(pipelineId);
    }
  }

  /** Gives up a prediction under way; it is made again by whoever takes the pipeline up. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#options.supervisor.off('run', this.#onRun);
    this.#predictor.cancel();
    await this.#predicting;
  }

  #stateOf(record: PipelineRecord): PipelineState {
    const { home } = this.#options;
    return pipelineState(record, pipelineRuns(this.#db, record.pipelineId), {
      isAlive: isProcessAlive,
      stored: (runId, name, checkpoint) => storedPrediction(home, runId, name, checkpoint),
      lacks: (task, name) => this.#facts.lacks(record.superglue, task, name),
      working: this.#predictor.isWorking,
      failure: this.#predictor.failure,
    });
  }

  #assertOwnWork(pipelineId: string): void {
    const own = new Set(this.#options.supervisor.ownRunIds());
    const elsewhere = this.state(pipelineId).cells.find(
      ({ run, fate }) => run !== undefined && (fate === 'working' || fate === 'waiting') && !own.has(run.runId),
    );
    if (elsewhere === undefined) return;
    throw new AppError(
      'run/invalid-state',
      'Another program works on the runs of this group (perhaps a terminal); stop it there.',
      { pipelineId, runId: elsewhere.run?.runId ?? null },
    );
  }

  #isOwn(pipelineId: string): boolean {
    const record = knownPipeline(this.#db, pipelineId);
    return record?.ownerPid === process.pid && record.trashedAtMs === null;
  }

  readonly #onRun = ({ sweepId, status }: RunOverview): void => {
    if (sweepId?.startsWith(`${ID_KIND}-`) !== true || knownPipeline(this.#db, sweepId) === undefined) return;
    this.emit('changed', sweepId);
    if (STATUS_TABLE[status].isEnd) this.#predict();
  };

  /** Works through what is due in the pipelines of this process, one prediction at a time. */
  #predict(): void {
    if (this.#predicting !== undefined || this.#isClosing) return;
    this.#predicting = this.#predictAll()
      .catch((error: unknown) => {
        process.stderr.write(`SuperGLUE predictions have stopped: ${toAppError(error).message}\n`);
      })
      .finally(() => {
        this.#predicting = undefined;
      });
  }

  async #predictAll(): Promise<void> {
    for (;;) {
      const due = this.#isClosing ? undefined : this.#nextDue();
      if (due === undefined) return;
      const { pipelineId, prediction } = due;
      const work = this.#predictor.predict(prediction);
      this.emit('changed', pipelineId);
      await work;
      if (this.#isClosing || knownPipeline(this.#db, pipelineId) === undefined) continue;
      this.emit('changed', pipelineId);
      const after = this.state(pipelineId);
      const { validation, test } = after.tasks.find(({ task }) => task === prediction.task) ?? {};
      const told = [validation, test, ...after.diagnostics].find((one) => one?.name === prediction.name);
      if (told !== undefined && told.state !== 'waiting') this.emit('predicted', pipelineId, told);
    }
  }

  #nextDue(): { pipelineId: string; prediction: PredictionState } | undefined {
    for (const record of listPipelines(this.#db, { trashed: false })) {
      if (record.ownerPid !== process.pid) continue;
      const state = this.#stateOf(record);
      const prediction = nextPrediction(state);
      if (prediction !== undefined) return { pipelineId: record.pipelineId, prediction };
      if (state.status !== 'finished') continue;
      // Done with: nobody looks through it again.
      setPipelineOwner(this.#db, record.pipelineId, null);
      this.emit('finished', state);
    }
    return undefined;
  }

  #setTrashed(pipelineId: string, runIds: readonly string[], atMs: number | null): void {
    this.#db
      .transaction(() => {
        for (const runId of runIds) setRunTrashed(this.#db, runId, atMs);
        setPipelineTrashed(this.#db, pipelineId, atMs);
      })
      .immediate();
    for (const run of getRunOverviews(this.#db, runIds)) this.#options.supervisor.emit('run', run);
    this.emit('changed', pipelineId);
  }
}
