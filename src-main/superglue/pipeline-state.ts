import type { SuperGlueTaskName } from '../../src-shared/config/superglue-tasks.ts';
import { DIAGNOSTIC_NAMES } from '../../src-shared/config/superglue-tasks.ts';
import type { PipelineStatus } from '../../src-shared/ipc/contract/superglue.ts';
import type { CheckpointRecord, Scores } from '../../src-shared/run/records.ts';
import { STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import { taskMetrics } from '../../src-shared/run/superglue-scores.ts';
import type { PipelineRun } from '../registry/pipeline-runs.ts';
import type { PipelineRecord } from '../registry/pipelines.ts';
import { bestRun, type ScoredRun } from './best-run.ts';
import type { PredictionName, StoredPrediction } from './prediction-files.ts';

/** One place of the grid; without a run where that is deleted or in the trash. */
export interface CellState {
  readonly task: SuperGlueTaskName;
  readonly learningRate: number;
  readonly seed: number;
  readonly run: PipelineRun | undefined;
  /** "diverged": failed for good, since a resumed run equals an uninterrupted one. */
  readonly fate: 'finished' | 'diverged' | 'working' | 'waiting' | 'endedEarly' | 'deleted';
}

export interface PredictionState {
  readonly name: PredictionName;
  readonly task: SuperGlueTaskName;
  /** Of the best run; undefined while there is none. */
  readonly of: { readonly run: PipelineRun; readonly checkpoint: CheckpointRecord } | undefined;
  readonly state: 'waiting' | 'working' | 'done' | 'failed' | 'unavailable';
  /** Waits for nothing but its turn. */
  readonly isDue: boolean;
  readonly stored: StoredPrediction | undefined;
  readonly message: string | null;
}

export interface TaskState {
  readonly task: SuperGlueTaskName;
  readonly best: ScoredRun | undefined;
  /** Metrics of the best run: on the whole validation split once that is predicted. */
  readonly scores: Scores;
  readonly validation: PredictionState;
  readonly test: PredictionState;
}

export interface PipelineState {
  readonly record: PipelineRecord;
  readonly status: PipelineStatus;
  readonly cells: readonly CellState[];
  readonly tasks: readonly TaskState[];
  /** Empty without RTE. */
  readonly diagnostics: readonly PredictionState[];
}

/** What decides about a pipeline beside its rows. */
export interface PipelineSurroundings {
  readonly isAlive: (pid: number) => boolean;
  readonly stored: (runId: string, name: PredictionName, checkpoint: CheckpointRecord) => StoredPrediction | undefined;
  /** Whether the imported set has this split ("AX-b": its rows); a reason where it has not. */
  readonly lacks: (task: SuperGlueTaskName, name: PredictionName) => string | undefined;
  readonly working: (runId: string, name: PredictionName) => boolean;
  /** Why it could not be predicted when that was last tried. */
  readonly failure: (runId: string, name: PredictionName) => string | undefined;
}

/** All there is to know about a pipeline, from its rows and files. */
export function pipelineState(
  record: PipelineRecord,
  runs: readonly PipelineRun[],
  around: PipelineSurroundings,
): PipelineState {
  const cells = cellsOf(record, runs, around);
  const hasEnded = (task: SuperGlueTaskName): boolean =>
    cells.every((cell) => cell.task !== task || ['finished', 'diverged', 'deleted'].includes(cell.fate));
  // The leaderboard's files are for the end: training comes first.
  const isQuiet = !cells.some(({ fate }) => fate === 'working' || fate === 'waiting');
  const tasks = record.tasks.map((task): TaskState => {
    const best = bestRun(
      task,
      cells.flatMap((cell) => (cell.task === task && cell.run !== undefined ? [cell.run] : [])),
    );
    const isKnown = hasEnded(task);
    const validation = predictionOf('validation', task, best, { isKnown, isTurn: isKnown }, around);
    const test = predictionOf('test', task, best, { isKnown, isTurn: isKnown && isQuiet }, around);
    const scores = taskMetrics(task, validation.stored?.scores ?? best?.checkpoint.scores ?? {});
    return { task, best, scores, validation, test };
  });
  const rte = tasks.find(({ task }) => task === 'RTE');
  const isKnown = hasEnded('RTE');
  const diagnostics =
    rte === undefined
      ? []
      : DIAGNOSTIC_NAMES.map((name) =>
          predictionOf(name, 'RTE', rte.best, { isKnown, isTurn: isKnown && isQuiet }, around),
        );
  const predictions = [...tasks.flatMap(({ validation, test }) => [validation, test]), ...diagnostics];
  return { record, status: statusOf(record, cells, predictions, around), cells, tasks, diagnostics };
}

/** What to predict next: validation task by task, then the leaderboard's files. */
export function nextPrediction({ tasks, diagnostics }: PipelineState): PredictionState | undefined {
  return [...tasks.map(({ validation }) => validation), ...tasks.map(({ test }) => test), ...diagnostics].find(
    ({ isDue, state }) => isDue && state === 'waiting',
  );
}

function cellsOf(
  { tasks, learningRates, seeds }: PipelineRecord,
  runs: readonly PipelineRun[],
  { isAlive }: PipelineSurroundings,
): CellState[] {
  return tasks.flatMap((task) =>
    learningRates.flatMap((learningRate) =>
      seeds.map((seed): CellState => {
        const run = runs.find((one) => one.task === task && one.learningRate === learningRate && one.seed === seed);
        return { task, learningRate, seed, run, fate: run === undefined ? 'deleted' : fateOf(run, isAlive) };
      }),
    ),
  );
}

function fateOf({ status, ownerPid, error }: PipelineRun, isAlive: (pid: number) => boolean): CellState['fate'] {
  if (status === 'finished') return status;
  // What the trainer says when the losses stay NaN.
  if (status === 'failed' && error?.details['nonFiniteSteps'] !== undefined) return 'diverged';
  if (STATUS_TABLE[status].hasEngine) return 'working';
  // A run that waits in the line of a process that is gone waits for nothing.
  return status === 'queued' && ownerPid !== null && isAlive(ownerPid) ? 'waiting' : 'endedEarly';
}

function predictionOf(
  name: PredictionName,
  task: SuperGlueTaskName,
  best: ScoredRun | undefined,
  /** Whether no other run can become the best any more, and whether all it waits for has ended. */
  { isKnown, isTurn }: { readonly isKnown: boolean; readonly isTurn: boolean },
  around: PipelineSurroundings,
): PredictionState {
  const base = { name, task, of: undefined, isDue: false, stored: undefined, message: null };
  const lacking = around.lacks(task, name);
  if (best === undefined) {
    const none = 'No run of this task has been evaluated.';
    return isKnown ? { ...base, state: 'unavailable', message: none } : { ...base, state: 'waiting' };
  }
  const of = { run: best.run, checkpoint: best.checkpoint };
  const { runId } = best.run;
  const stored = around.stored(runId, name, best.checkpoint);
  if (stored !== undefined) return { ...base, of, state: 'done', stored };
  if (lacking !== undefined) return { ...base, of, state: 'unavailable', message: lacking };
  if (around.working(runId, name)) return { ...base, of, state: 'working' };
  const failure = around.failure(runId, name);
  if (failure !== undefined) return { ...base, of, state: 'failed', message: failure };
  return { ...base, of, state: 'waiting', isDue: isTurn };
}

function statusOf(
  { ownerPid }: PipelineRecord,
  cells: readonly CellState[],
  predictions: readonly PredictionState[],
  { isAlive }: PipelineSurroundings,
): PipelineStatus {
  const has = (fate: CellState['fate']): boolean => cells.some((cell) => cell.fate === fate);
  if (has('working')) return 'running';
  if (has('waiting')) return has('finished') || has('diverged') ? 'running' : 'queued';
  if (has('endedEarly') || predictions.some(({ state }) => state === 'failed')) return 'incomplete';
  if (predictions.every(({ state }) => state === 'done' || state === 'unavailable')) return 'finished';
  return ownerPid !== null && isAlive(ownerPid) ? 'predicting' : 'incomplete';
}
