import type { SuperGlueTaskName } from '../../src-shared/config/superglue-tasks.ts';
import type { CheckpointRecord } from '../../src-shared/run/records.ts';
import { taskScore } from '../../src-shared/run/superglue-scores.ts';
import type { PipelineRun } from '../registry/pipeline-runs.ts';

/** A checkpoint and how good it is on the validation examples that its run was evaluated on. */
export interface ScoredCheckpoint {
  readonly checkpoint: CheckpointRecord;
  /** Mean of the task's metrics, x100. */
  readonly score: number;
  /** Nats per target token; infinite where it is unknown. */
  readonly loss: number;
}

export interface ScoredRun<Run extends PipelineRun = PipelineRun> extends ScoredCheckpoint {
  readonly run: Run;
}

/**
 * A run's best checkpoint so far: highest mean of the task's metrics, then lower loss, then earlier. Only those that were
 * saved for being the best of something count: the scores of others are those of an evaluation before them.
 */
export function bestCheckpoint(
  task: SuperGlueTaskName,
  checkpoints: readonly CheckpointRecord[],
): ScoredCheckpoint | undefined {
  let best: ScoredCheckpoint | undefined;
  for (const checkpoint of checkpoints) {
    if (!checkpoint.kind.startsWith('best-')) continue;
    const score = taskScore(task, checkpoint.scores);
    if (score === undefined || !Number.isFinite(score)) continue;
    const { loss: measured } = checkpoint.scores;
    const one = { checkpoint, score, loss: measured === undefined || Number.isNaN(measured) ? Infinity : measured };
    const order = best === undefined ? -1 : compareScores(one, best) || checkpoint.step - best.checkpoint.step;
    if (order < 0) best = one;
  }
  return best;
}

/** The best of a task's runs by validation: highest score, then lower loss, then the first. */
export function bestRun<Run extends PipelineRun>(
  task: SuperGlueTaskName,
  runs: readonly Run[],
): ScoredRun<Run> | undefined {
  let best: ScoredRun<Run> | undefined;
  for (const run of runs) {
    const scored = bestCheckpoint(task, run.checkpoints);
    if (scored !== undefined && (best === undefined || compareScores(scored, best) < 0)) best = { run, ...scored };
  }
  return best;
}

/** Below 0 where `a` is better. */
function compareScores(a: Omit<ScoredCheckpoint, 'checkpoint'>, b: Omit<ScoredCheckpoint, 'checkpoint'>): number {
  return b.score - a.score || (a.loss === b.loss ? 0 : a.loss - b.loss);
}
