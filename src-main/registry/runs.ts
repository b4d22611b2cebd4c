import { AppError } from '../../src-shared/app-error.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import type {
  RunExecutor,
  RunOverview,
  RunProgress,
  RunRecord,
  Scores,
  StoredError,
} from '../../src-shared/run/records.ts';
import { assertCanBecome, RunStatus, STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import { writeScores } from './json-columns.ts';
import type { Registry } from './open-registry.ts';
import { OVERVIEW_COLUMNS, overviewOf, RECORD_COLUMNS, recordOf } from './run-rows.ts';
import { statement } from './statements.ts';

export interface NewRun {
  readonly runId: string;
  readonly name: string;
  readonly config: RunConfig;
  readonly createdAtMs: number;
  readonly preset?: string | undefined;
  readonly parentRunId?: string | undefined;
  readonly parentCheckpoint?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly sweepId?: string | undefined;
}

/** Adds a run as `queued`. @throws AppError registry/conflict where the id is taken */
export function insertRun(db: Registry, run: NewRun): RunRecord {
  const added = statement(
    db,
    `INSERT INTO runs (run_id, name, preset, config, config_values, objective, data_kind, seed, status, created_at_ms,
       parent_run_id, parent_checkpoint, tags, sweep_id)
     VALUES (:runId, :name, :preset, :config, jsonb(:config), :objective, :dataKind, :seed, 'queued', :createdAtMs,
       :parentRunId, :parentCheckpoint, :tags, :sweepId) ON CONFLICT (run_id) DO NOTHING`,
  ).run({
    runId: run.runId,
    name: run.name,
    preset: run.preset ?? null,
    config: JSON.stringify(run.config),
    objective: run.config.objective,
    dataKind: run.config.data.kind,
    seed: run.config.seed,
    createdAtMs: run.createdAtMs,
    parentRunId: run.parentRunId ?? null,
    parentCheckpoint: run.parentCheckpoint ?? null,
    tags: JSON.stringify([...new Set(run.tags ?? [])]),
    sweepId: run.sweepId ?? null,
  });
  if (added.changes === 0) {
    throw new AppError('registry/conflict', `There already is a run ${run.runId}.`, { runId: run.runId });
  }
  return getRun(db, run.runId);
}

/** @throws AppError registry/not-found */
export function getRun(db: Registry, runId: string): RunRecord {
  const row = statement(db, `SELECT ${RECORD_COLUMNS} FROM runs WHERE run_id = ?`).get(runId);
  if (row === undefined) throw noSuchRun(runId);
  return recordOf(row);
}

/** The same without its configuration. @throws AppError registry/not-found */
export function getRunOverview(db: Registry, runId: string): RunOverview {
  const row = statement(db, `SELECT ${OVERVIEW_COLUMNS} FROM runs WHERE run_id = ?`).get(runId);
  if (row === undefined) throw noSuchRun(runId);
  return overviewOf(row);
}

/** In the order asked; unknown ids are left out. */
export function getRunOverviews(db: Registry, runIds: readonly string[]): RunOverview[] {
  const rows = statement(
    db,
    `SELECT ${OVERVIEW_COLUMNS} FROM json_each(?) AS asked JOIN runs ON runs.run_id = asked.value ORDER BY asked.key`,
  ).all(JSON.stringify(runIds));
  return rows.map(overviewOf);
}

/**
 * The run a person means: its id, the unique beginning of one, or the name of exactly one run.
 * @throws AppError registry/not-found, registry/conflict where several fit
 */
export function findRun(db: Registry, text: string): RunRecord {
  const rows = statement(
    db,
    `SELECT ${RECORD_COLUMNS} FROM runs WHERE run_id = :text OR substr(run_id, 1, length(:text)) = :text OR name = :text
     ORDER BY run_id = :text DESC, created_at_ms DESC LIMIT 20`,
  ).all({ text });
  const found = rows.map(recordOf);
  const [first] = found;
  if (first === undefined || text === '') throw noSuchRun(text);
  if (first.runId === text || found.length === 1) return first;
  const ids = found.map((run) => run.runId);
  throw new AppError('registry/conflict', `'${text}' fits several runs: ${ids.join(', ')}. Name one of them.`, { ids });
}

export interface RunFilter {
  readonly statuses?: readonly RunStatus[];
  readonly archived?: boolean;
  readonly trashed?: boolean;
}

function selectRuns(db: Registry, columns: string, filter: RunFilter): unknown[] {
  return statement(
    db,
    `SELECT ${columns} FROM runs
     WHERE (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
       AND (:archived IS NULL OR (archived_at_ms IS NOT NULL) = :archived)
       AND (:trashed IS NULL OR (trashed_at_ms IS NOT NULL) = :trashed)
     ORDER BY created_at_ms DESC, run_id DESC`,
  ).all({
    statuses: filter.statuses === undefined ? null : JSON.stringify(filter.statuses),
    archived: filter.archived === undefined ? null : Number(filter.archived),
    trashed: filter.trashed === undefined ? null : Number(filter.trashed),
  });
}

/** Newest first. */
export function listRuns(db: Registry, filter: RunFilter = {}): RunRecord[] {
  return selectRuns(db, RECORD_COLUMNS, filter).map(recordOf);
}

/** The same without configurations, for lists of thousands of runs. */
export function listRunOverviews(db: Registry, filter: RunFilter = {}): RunOverview[] {
  return selectRuns(db, OVERVIEW_COLUMNS, filter).map(overviewOf);
}

/**
 * Moves a run to another status and writes what belongs to the move: the first `starting` sets the start, an end sets
 * the finish, anything else clears it; `failed` keeps the error, other statuses clear it.
 * @throws AppError run/invalid-state for a move that the status table does not allow; registry/not-found
 */
export function setRunStatus(
  db: Registry,
  runId: string,
  to: RunStatus,
  at: { readonly nowMs: number; readonly error?: StoredError; readonly ownerPid?: number },
): RunRecord {
  return db
    .transaction(() => {
      assertCanBecome(getRun(db, runId).status, to, runId);
      const { isEnd, hasEngine } = STATUS_TABLE[to];
      statement(
        db,
        `UPDATE runs SET status = :to, error = :error,
           started_at_ms = CASE WHEN :to = 'starting' THEN coalesce(started_at_ms, :now) ELSE started_at_ms END,
           finished_at_ms = CASE WHEN :isEnd THEN :now END,
           heartbeat_at_ms = CASE WHEN :hasEngine THEN :now ELSE heartbeat_at_ms END,
           owner_pid = CASE WHEN :hasEngine OR :to = 'queued' THEN coalesce(:pid, owner_pid) END,
           queue_order = CASE WHEN :to = 'queued' THEN queue_order END
         WHERE run_id = :runId`,
      ).run({
        to,
        runId,
        now: at.nowMs,
        error: at.error === undefined ? null : JSON.stringify(at.error),
        isEnd: Number(isEnd),
        hasEngine: Number(hasEngine),
        pid: at.ownerPid ?? null,
      });
      return getRun(db, runId);
    })
    .immediate();
}

/** Newest progress and a sign of life. */
export function setRunProgress(db: Registry, runId: string, progress: RunProgress, nowMs: number): void {
  update(db, runId, 'progress = ?, heartbeat_at_ms = ?', [JSON.stringify(progress), nowMs]);
}

/** A sign of life of the run's owner. */
export function touchRun(db: Registry, runId: string, nowMs: number): void {
  update(db, runId, 'heartbeat_at_ms = ?', [nowMs]);
}

export function setRunExecutor(db: Registry, runId: string, executor: RunExecutor): void {
  update(db, runId, 'executor = ?', [JSON.stringify(executor)]);
}

/** The result of a finished run. */
export function setRunScores(db: Registry, runId: string, scores: Scores): void {
  update(db, runId, 'scores = ?', [writeScores(scores)]);
}

/**
 * Runs whose engine should be at work but that gave no sign of life since `nowMs - silentMs`, or whose owning process
 * is gone: candidates for `interrupted`.
 */
export function abandonedRuns(
  db: Registry,
  nowMs: number,
  silentMs: number,
  isAlive: (pid: number) => boolean,
): RunRecord[] {
  const withEngine = RunStatus.options.filter((status) => STATUS_TABLE[status].hasEngine);
  return listRuns(db, { statuses: withEngine }).filter((run) => {
    if (run.ownerPid !== null && !isAlive(run.ownerPid)) return true;
    return run.heartbeatAtMs === null || run.heartbeatAtMs < nowMs - silentMs;
  });
}

function update(db: Registry, runId: string, assignments: string, values: readonly unknown[]): void {
  const done = statement(db, `UPDATE runs SET ${assignments} WHERE run_id = ?`).run(...values, runId);
  if (done.changes === 0) throw noSuchRun(runId);
}

function noSuchRun(runId: string): AppError {
  return new AppError('registry/not-found', `There is no run '${runId}'. List the runs to see their ids.`, { runId });
}
