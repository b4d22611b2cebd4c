import { AppError } from '../../src-shared/app-error.ts';
import { STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import type { Registry } from './open-registry.ts';
import { getRunOverview } from './runs.ts';
import { statement } from './statements.ts';

/** Rows deleted at a time; a few milliseconds. */
const SLICE = 10_000;

/** Deletes some of a run's points, newest series first. @returns whether there may be more */
export function deletePointsSlice(db: Registry, runId: string): boolean {
  const seriesId: unknown = statement(
    db,
    `SELECT series_id FROM series WHERE run_id = ?
       AND EXISTS (SELECT 1 FROM points WHERE points.series_id = series.series_id) LIMIT 1`,
  )
    .pluck()
    .get(runId);
  if (seriesId === undefined) return false;
  statement(
    db,
    `DELETE FROM points WHERE series_id = :seriesId AND step <=
       (SELECT max(step) FROM (SELECT step FROM points WHERE series_id = :seriesId ORDER BY step LIMIT ${SLICE}))`,
  ).run({ seriesId });
  return true;
}

/** Deletes the run and all its rows; its files are the caller's. @throws AppError registry/not-found, run/invalid-state */
export function deleteRun(db: Registry, runId: string): void {
  const { status } = getRunOverview(db, runId);
  if (STATUS_TABLE[status].hasEngine) {
    throw new AppError('run/invalid-state', `Run ${runId} is ${status}; stop it before deleting it.`, {
      runId,
      status,
    });
  }
  statement(db, 'DELETE FROM runs WHERE run_id = ?').run(runId);
}
