import { z } from 'zod';
import { OBJECTIVES, RunConfig } from '../../src-shared/config/run-config.ts';
import type { RunOverview, RunRecord } from '../../src-shared/run/records.ts';
import { RunStatus } from '../../src-shared/run/run-status.ts';
import {
  readBestScores,
  readError,
  readExecutor,
  readNumber,
  readProgress,
  readScores,
  readTags,
} from './json-columns.ts';

/** Columns of the table that an overview holds. */
const StoredColumns = z.object({
  run_id: z.string(),
  name: z.string(),
  preset: z.string().nullable(),
  objective: z.enum(OBJECTIVES),
  status: RunStatus,
  created_at_ms: z.number(),
  started_at_ms: z.number().nullable(),
  finished_at_ms: z.number().nullable(),
  heartbeat_at_ms: z.number().nullable(),
  owner_pid: z.number().nullable(),
  error: z.string().nullable(),
  parent_run_id: z.string().nullable(),
  parent_checkpoint: z.string().nullable(),
  executor: z.string().nullable(),
  progress: z.string().nullable(),
  scores: z.string(),
  best_scores: z.string(),
  last_loss: z.string().nullable(),
  tags: z.string(),
  notes: z.string(),
  archived_at_ms: z.number().nullable(),
  trashed_at_ms: z.number().nullable(),
  data_kind: z.string(),
  seed: z.number(),
  sweep_id: z.string().nullable(),
  disk_bytes: z.number(),
});

const OverviewRow = StoredColumns.extend({
  queue_position: z.number().nullable(),
  resume_step: z.number().nullable(),
});

const ConfigRow = z.object({ config: z.string() });

/** What to select from `runs` for an overview: every column but the configuration, which is by far the largest. */
export const OVERVIEW_COLUMNS = [
  ...Object.keys(StoredColumns.shape).map((column) => `runs.${column}`),
  `CASE WHEN runs.queue_order IS NOT NULL
     THEN (SELECT count(*) FROM runs AS earlier WHERE earlier.queue_order < runs.queue_order) END AS queue_position`,
  `(SELECT step FROM checkpoints WHERE checkpoints.run_id = runs.run_id AND kind = 'latest') AS resume_step`,
].join(', ');

export const RECORD_COLUMNS = `${OVERVIEW_COLUMNS}, runs.config`;

const orNull = <T>(text: string | null, read: (text: string) => T): T | null => (text === null ? null : read(text));

/** A row of `OVERVIEW_COLUMNS`. */
export function overviewOf(raw: unknown): RunOverview {
  const row = OverviewRow.parse(raw);
  return {
    runId: row.run_id,
    name: row.name,
    preset: row.preset,
    objective: row.objective,
    status: row.status,
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
    heartbeatAtMs: row.heartbeat_at_ms,
    ownerPid: row.owner_pid,
    error: orNull(row.error, readError),
    parentRunId: row.parent_run_id,
    parentCheckpoint: row.parent_checkpoint,
    executor: orNull(row.executor, readExecutor),
    progress: orNull(row.progress, readProgress),
    scores: readScores(row.scores),
    bestScores: readBestScores(row.best_scores),
    lastLoss: orNull(row.last_loss, readNumber),
    tags: readTags(row.tags),
    notes: row.notes,
    archivedAtMs: row.archived_at_ms,
    trashedAtMs: row.trashed_at_ms,
    dataKind: row.data_kind,
    seed: row.seed,
    sweepId: row.sweep_id,
    queuePosition: row.queue_position,
    resumeStep: row.resume_step,
    diskBytes: row.disk_bytes,
  };
}

/** A row of `RECORD_COLUMNS`. */
export function recordOf(raw: unknown): RunRecord {
  return { ...overviewOf(raw), config: RunConfig.parse(JSON.parse(ConfigRow.parse(raw).config)) };
}
