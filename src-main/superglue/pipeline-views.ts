import type {
  PipelineCell,
  PipelineDetail,
  PipelineSummary,
  PredictionView,
} from '../../src-shared/ipc/contract/superglue.ts';
import { averageOf, taskMetrics, taskScore } from '../../src-shared/run/superglue-scores.ts';
import { bestCheckpoint } from './best-run.ts';
import type { CellState, PipelineState, PredictionState, TaskState } from './pipeline-state.ts';

/** A pipeline as lists and events show it. */
export function pipelineSummary(state: PipelineState): PipelineSummary {
  const { record, cells, tasks } = state;
  const count = (fate: CellState['fate']): number => cells.filter((cell) => cell.fate === fate).length;
  const scores = Object.assign({}, ...tasks.map((task) => task.scores)) as Record<string, number>;
  return {
    pipelineId: record.pipelineId,
    name: record.name,
    createdAtMs: record.createdAtMs,
    source:
      record.sourceName === null
        ? null
        : { runId: record.sourceRunId, name: record.sourceName, checkpoint: record.sourceCheckpoint },
    superglue: record.superglue,
    tasks: [...record.tasks],
    learningRates: [...record.learningRates],
    seeds: [...record.seeds],
    status: state.status,
    runs: {
      total: cells.length,
      finished: count('finished'),
      working: count('working'),
      waiting: count('waiting'),
      diverged: count('diverged'),
      endedEarly: count('endedEarly'),
      deleted: count('deleted'),
    },
    share: shareOf(cells),
    secondsLeft: secondsLeftOf(cells),
    scores,
    average: averageOf(record.tasks, scores) ?? null,
    trashedAtMs: record.trashedAtMs,
  };
}

export function pipelineDetail(state: PipelineState): PipelineDetail {
  return {
    summary: pipelineSummary(state),
    cells: state.cells.map((cell) => cellView(cell, state.tasks)),
    tasks: state.tasks.map(({ task, best, scores, validation, test }) => ({
      task,
      best:
        best === undefined
          ? null
          : {
              runId: best.run.runId,
              learningRate: best.run.learningRate,
              seed: best.run.seed,
              checkpoint: best.checkpoint.kind,
              step: best.checkpoint.step,
            },
      scores: { ...scores },
      score: taskScore(task, scores) ?? null,
      validation: predictionView(validation),
      test: predictionView(test),
    })),
    diagnostics: state.diagnostics.flatMap((prediction) =>
      prediction.name === 'AX-b' || prediction.name === 'AX-g'
        ? [{ name: prediction.name, prediction: predictionView(prediction) }]
        : [],
    ),
  };
}

function cellView({ task, learningRate, seed, run, fate }: CellState, tasks: readonly TaskState[]): PipelineCell {
  const best = run === undefined ? undefined : bestCheckpoint(task, run.checkpoints);
  const { progress = null, status = 'deleted' } = run ?? {};
  const speed = progress?.samplesPerSecond ?? 0;
  return {
    task,
    learningRate,
    seed,
    runId: run?.runId ?? null,
    status,
    progress,
    secondsLeft:
      fate === 'working' && progress !== null && speed > 0
        ? Math.max(0, progress.totalExamples - progress.examplesSeen) / speed
        : null,
    scores: taskMetrics(task, best?.checkpoint.scores ?? {}),
    score: best?.score ?? null,
    loss: best?.checkpoint.scores['loss'] ?? null,
    checkpoint: best === undefined ? null : { kind: best.checkpoint.kind, step: best.checkpoint.step },
    isBest: run !== undefined && tasks.find((one) => one.task === task)?.best?.run.runId === run.runId,
    error: run?.error?.message ?? null,
  };
}

function predictionView({ state, stored, message }: PredictionState): PredictionView {
  return { state, lines: stored?.lines ?? null, message };
}

/** Of the examples that are to be trained on, what has ended counting whole. */
function shareOf(cells: readonly CellState[]): number {
  let [seen, total] = [0, 0];
  for (const { run, fate } of cells) {
    if (run === undefined) continue;
    total += run.totalExamples;
    seen += fate === 'finished' || fate === 'diverged' ? run.totalExamples : seenOf(run);
  }
  return total === 0 ? 1 : Math.min(1, seen / total);
}

/** At the speed of those at work, or of the last that ended. */
function secondsLeftOf(cells: readonly CellState[]): number | null {
  const speeds = (fate: CellState['fate']): number[] =>
    cells
      .flatMap((cell) => (cell.fate === fate ? (cell.run?.progress?.samplesPerSecond ?? []) : []))
      .filter((v) => v > 0);
  const left = cells
    .filter(({ fate }) => fate === 'working' || fate === 'waiting')
    .reduce((sum, { run }) => sum + (run === undefined ? 0 : Math.max(0, run.totalExamples - seenOf(run))), 0);
  if (left === 0) return null;
  const together = speeds('working').reduce((a, b) => a + b, 0);
  const speed = together > 0 ? together : (speeds('finished').at(-1) ?? 0);
  return speed > 0 ? left / speed : null;
}

function seenOf({ progress, totalExamples }: NonNullable<CellState['run']>): number {
  return Math.min(progress?.examplesSeen ?? 0, totalExamples);
}
