import { z } from 'zod';
import { AppError } from '../../src-shared/app-error.ts';
import { SUPERGLUE_TASK_NAMES, type SuperGlueTaskName } from '../../src-shared/config/superglue-tasks.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';
import { insertSweep } from './sweeps.ts';

/** A group of fine-tunings: every task at every learning rate with every seed. */
export interface PipelineRecord {
  /** Also the sweep of its runs. */
  readonly pipelineId: string;
  readonly name: string;
  readonly createdAtMs: number;
  /** What was fine-tuned; all null for a fresh model. The run's id alone where that run is deleted. */
  readonly sourceRunId: string | null;
  /** Name of the run, or the checkpoint's file. */
  readonly sourceName: string | null;
  /** Kind of the checkpoint ("latest"). */
  readonly sourceCheckpoint: string | null;
  /** Name of the imported set. */
  readonly superglue: string;
  /** In the benchmark's order. */
  readonly tasks: readonly SuperGlueTaskName[];
  readonly learningRates: readonly number[];
  readonly seeds: readonly number[];
  /** The process that sees to its predictions; null where it was stopped. */
  readonly ownerPid: number | null;
  readonly trashedAtMs: number | null;
}

const Row = z.object({
  pipeline_id: z.string(),
  name: z.string(),
  created_at_ms: z.number(),
  source_run_id: z.string().nullable(),
  source_name: z.string().nullable(),
  source_checkpoint: z.string().nullable(),
  superglue: z.string(),
  tasks: z.string(),
  learning_rates: z.string(),
  seeds: z.string(),
  owner_pid: z.number().nullable(),
  trashed_at_ms: z.number().nullable(),
});
const Tasks = z.array(z.enum(SUPERGLUE_TASK_NAMES));
const Numbers = z.array(z.number());

function recordOf(raw: unknown): PipelineRecord {
  const row = Row.parse(raw);
  return {
    pipelineId: row.pipeline_id,
    name: row.name,
    createdAtMs: row.created_at_ms,
    sourceRunId: row.source_run_id,
    sourceName: row.source_name,
    sourceCheckpoint: row.source_checkpoint,
    superglue: row.superglue,
    tasks: Tasks.parse(JSON.parse(row.tasks)),
    learningRates: Numbers.parse(JSON.parse(row.learning_rates)),
    seeds: Numbers.parse(JSON.parse(row.seeds)),
    ownerPid: row.owner_pid,
    trashedAtMs: row.trashed_at_ms,
  };
}

/** Adds the pipeline and the sweep that its runs will belong to, in one transaction. */
export function insertPipeline(db: Registry, pipeline: Omit<PipelineRecord, 'trashedAtMs'>): void {
  const { pipelineId, name, createdAtMs, tasks, learningRates, seeds } = pipeline;
  const axes = [
    { path: 'data.tasks', values: tasks },
    { path: 'optimizer.learningRate', values: learningRates },
  ];
  db.transaction(() => {
    insertSweep(db, { sweepId: pipelineId, name, createdAtMs, axes, seeds });
    statement(
      db,
      `INSERT INTO pipelines (pipeline_id, name, created_at_ms, source_run_id, source_name, source_checkpoint, superglue,
         tasks, learning_rates, seeds, owner_pid)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      pipelineId,
      name,
      createdAtMs,
      pipeline.sourceRunId,
      pipeline.sourceName,
      pipeline.sourceCheckpoint,
      pipeline.superglue,
      JSON.stringify(tasks),
      JSON.stringify(learningRates),
      JSON.stringify(seeds),
      pipeline.ownerPid,
    );
  }).immediate();
}

/** Undefined where there is none, or where it is gone with its runs. */
export function knownPipeline(db: Registry, pipelineId: string): PipelineRecord | undefined {
  const row = statement(db, 'SELECT * FROM pipelines WHERE pipeline_id = ?').get(pipelineId);
  return row === undefined ? undefined : recordOf(row);
}

/** @throws AppError registry/not-found */
export function getPipeline(db: Registry, pipelineId: string): PipelineRecord {
  const found = knownPipeline(db, pipelineId);
  if (found === undefined) throw noSuchPipeline(pipelineId);
  return found;
}

/** Newest first. */
export function listPipelines(
  db: Registry,
  filter: { readonly trashed?: boolean; readonly sourceRunIds?: readonly string[] | undefined } = {},
): PipelineRecord[] {
  return statement(
    db,
    `SELECT * FROM pipelines
     WHERE (:trashed IS NULL OR (trashed_at_ms IS NOT NULL) = :trashed)
       AND (:sources IS NULL OR source_run_id IN (SELECT value FROM json_each(:sources)))
     ORDER BY created_at_ms DESC, pipeline_id DESC`,
  )
    .all({
      trashed: filter.trashed === undefined ? null : Number(filter.trashed),
      sources: filter.sourceRunIds === undefined ? null : JSON.stringify(filter.sourceRunIds),
    })
    .map(recordOf);
}

/**
 * The pipeline a person means: its id, the unique beginning of one, or the name of exactly one.
 * @throws AppError registry/not-found, registry/conflict where several fit
 */
export function findPipeline(db: Registry, text: string): PipelineRecord {
  const found = statement(
    db,
    `SELECT * FROM pipelines
     WHERE pipeline_id = :text OR substr(pipeline_id, 1, length(:text)) = :text OR name = :text
     ORDER BY pipeline_id = :text DESC, created_at_ms DESC LIMIT 20`,
  )
    .all({ text })
    .map(recordOf);
  const [first] = found;
  if (first === undefined || text === '') throw noSuchPipeline(text);
  if (first.pipelineId === text || found.length === 1) return first;
  const ids = found.map(({ pipelineId }) => pipelineId);
  throw new AppError('registry/conflict', `'${text}' fits several groups: ${ids.join(', ')}. Name one of them.`, {
    ids,
  });
}

export function setPipelineOwner(db: Registry, pipelineId: string, ownerPid: number | null): void {
  update(db, pipelineId, 'owner_pid = ?', ownerPid);
}

export function renamePipeline(db: Registry, pipelineId: string, name: string): void {
  update(db, pipelineId, 'name = ?', name);
}

/** @param atMs null takes it back */
export function setPipelineTrashed(db: Registry, pipelineId: string, atMs: number | null): void {
  update(db, pipelineId, 'trashed_at_ms = ?', atMs);
}

/** Only for one that has no runs left: with runs it goes when the last of them does. */
export function deletePipeline(db: Registry, pipelineId: string): void {
  statement(db, 'DELETE FROM pipelines WHERE pipeline_id = ?').run(pipelineId);
}

function update(db: Registry, pipelineId: string, assignment: string, value: string | number | null): void {
  const done = statement(db, `UPDATE pipelines SET ${assignment} WHERE pipeline_id = ?`).run(value, pipelineId);
  if (done.changes === 0) throw noSuchPipeline(pipelineId);
}

function noSuchPipeline(text: string): AppError {
  return new AppError(
    'registry/not-found',
    `There is no SuperGLUE group '${text}'. \`metalmo superglue\` prints a group's id when it starts one.`,
    { pipelineId: text },
  );
}
