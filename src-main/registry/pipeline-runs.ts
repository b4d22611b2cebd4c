import { z } from 'zod';
import type { CheckpointRecord, RunProgress, StoredError } from '../../src-shared/run/records.ts';
import { RunStatus } from '../../src-shared/run/run-status.ts';
import { checkpointOf } from './checkpoints.ts';
import { readError, readProgress } from './json-columns.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

/** One fine-tuning of a pipeline. */
export interface PipelineRun {
  readonly runId: string;
  readonly status: RunStatus;
  readonly ownerPid: number | null;
  /** As its configuration has them. */
  readonly task: string;
  readonly learningRate: number;
  readonly seed: number;
  /** Examples that it trains on in all. */
  readonly totalExamples: number;
  readonly progress: RunProgress | null;
  readonly error: StoredError | null;
  /** By kind. */
  readonly checkpoints: readonly CheckpointRecord[];
}

const Row = z.object({
  run_id: z.string(),
  status: RunStatus,
  owner_pid: z.number().nullable(),
  task: z.string(),
  learning_rate: z.number(),
  seed: z.number(),
  total_examples: z.number(),
  progress: z.string().nullable(),
  error: z.string().nullable(),
});

/** The runs of a pipeline that are not in the trash, in the order in which they were made. */
export function pipelineRuns(db: Registry, pipelineId: string): PipelineRun[] {
  const checkpoints = Map.groupBy(
    statement(
      db,
      `SELECT checkpoints.* FROM checkpoints JOIN runs ON runs.run_id = checkpoints.run_id
       WHERE runs.sweep_id = ? ORDER BY kind`,
    )
      .all(pipelineId)
      .map(checkpointOf),
    ({ runId }) => runId,
  );
  return statement(
    db,
    `SELECT run_id, status, owner_pid, seed, progress, error,
       config_values ->> '$.data.tasks' AS task,
       config_values ->> '$.optimizer.learningRate' AS learning_rate,
       (config_values ->> '$.training.epochs') * (config_values ->> '$.training.epochSize') AS total_examples
     FROM runs WHERE sweep_id = ? AND trashed_at_ms IS NULL ORDER BY rowid`,
  )
    .all(pipelineId)
    .map((raw): PipelineRun => {
      const row = Row.parse(raw);
      return {
        runId: row.run_id,
        status: row.status,
        ownerPid: row.owner_pid,
        task: row.task,
        learningRate: row.learning_rate,
        seed: row.seed,
        totalExamples: row.total_examples,
        progress: row.progress === null ? null : readProgress(row.progress),
        error: row.error === null ? null : readError(row.error),
        checkpoints: checkpoints.get(row.run_id) ?? [],
      };
    });
}

/** All its runs' ids, those in the trash included. */
export function pipelineRunIds(db: Registry, pipelineId: string): string[] {
  const rows = statement(db, 'SELECT run_id FROM runs WHERE sweep_id = ? ORDER BY rowid').pluck().all(pipelineId);
  return z.array(z.string()).parse(rows);
}

/** Ids of the pipelines that some of these runs belong to. */
export function pipelinesOfRuns(db: Registry, runIds: readonly string[]): string[] {
  const rows = statement(
    db,
    `SELECT DISTINCT pipeline_id FROM json_each(?) AS asked JOIN runs ON runs.run_id = asked.value
     JOIN pipelines ON pipelines.pipeline_id = runs.sweep_id`,
  )
    .pluck()
    .all(JSON.stringify(runIds));
  return z.array(z.string()).parse(rows);
}
