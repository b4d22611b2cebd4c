import { z } from 'zod';
import { AppError } from '../../src-shared/app-error.ts';
import { BUCKET_LEVELS } from './bucket-levels.ts';
import { writeNumber } from './json-columns.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

/** New points of one metric of a run; `steps` are optimizer steps. Values may be NaN or infinite. */
export interface MetricPoints {
  readonly name: string;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** The loss that stands for a run in lists, the first of these that it reports. */
export const LEADING_LOSSES = ['student.loss', 'student.lossQuery', 'student.lossPseudo', 'loss'] as const;

const SeriesRow = z.object({ series_id: z.number(), last_step: z.number().nullable() });

function seriesOf(db: Registry, runId: string, metric: string): z.infer<typeof SeriesRow> {
  const find = statement(db, 'SELECT series_id, last_step FROM series WHERE run_id = ? AND metric = ?');
  const found = find.get(runId, metric);
  if (found !== undefined) return SeriesRow.parse(found);
  return SeriesRow.parse(
    statement(db, 'INSERT INTO series (run_id, metric) VALUES (?, ?) RETURNING series_id, last_step').get(
      runId,
      metric,
    ),
  );
}

// 9e999 reads as infinity: `abs(value) < 9e999` holds for finite values alone (NULL stands for NaN).

/** Sums up points that are already stored into buckets of every level from `fromStep` on, replacing what was there. */
function rebuildBuckets(db: Registry, seriesId: number, fromStep: number): void {
  for (const level of BUCKET_LEVELS) {
    const width = 2 ** level;
    const bucket = Math.floor(fromStep / width);
    statement(db, 'DELETE FROM buckets WHERE series_id = ? AND level = ? AND bucket >= ?').run(seriesId, level, bucket);
    statement(
      db,
      `INSERT INTO buckets (series_id, level, bucket, min, max, sum, finite, non_finite)
       SELECT series_id, :level, step >> :level,
         min(value) FILTER (WHERE abs(value) < 9e999), max(value) FILTER (WHERE abs(value) < 9e999),
         coalesce(sum(value) FILTER (WHERE abs(value) < 9e999), 0.0),
         count(*) FILTER (WHERE abs(value) < 9e999), count(*) FILTER (WHERE value IS NULL OR abs(value) = 9e999)
       FROM points WHERE series_id = :seriesId AND step >= :first GROUP BY step >> :level`,
    ).run({ seriesId, level, first: bucket * width });
  }
}

/** Counts, last step and value of a series, from its stored points. */
function refreshSeries(db: Registry, seriesId: number): void {
  statement(
    db,
    `UPDATE series SET
       points = (SELECT count(*) FROM points WHERE series_id = :id),
       non_finite = (SELECT coalesce(sum(non_finite), 0) FROM buckets WHERE series_id = :id AND level = :top),
       last_step = (SELECT max(step) FROM points WHERE series_id = :id),
       last_value = (SELECT value FROM points WHERE series_id = :id ORDER BY step DESC LIMIT 1)
     WHERE series_id = :id`,
  ).run({ id: seriesId, top: BUCKET_LEVELS.at(-1) });
}

/** One bucket of one level, while a batch is summed up. */
interface OpenBucket {
  bucket: number;
  min: number | null;
  max: number | null;
  sum: number;
  finite: number;
  nonFinite: number;
}

function mergeBucket(db: Registry, seriesId: number, level: number, open: OpenBucket): void {
  statement(
    db,
    `INSERT INTO buckets (series_id, level, bucket, min, max, sum, finite, non_finite) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET
       min = min(coalesce(min, excluded.min), coalesce(excluded.min, min)),
       max = max(coalesce(max, excluded.max), coalesce(excluded.max, max)),
       sum = sum + excluded.sum, finite = finite + excluded.finite, non_finite = non_finite + excluded.non_finite`,
  ).run(seriesId, level, open.bucket, open.min, open.max, open.sum, open.finite, open.nonFinite);
}

/** Adds ascending new points to the kept buckets of one level. */
function extendBuckets(db: Registry, seriesId: number, level: number, points: MetricPoints): void {
  let open: OpenBucket | undefined;
  for (let i = 0; i < points.steps.length; i++) {
    const bucket = Math.floor(Number(points.steps[i]) / 2 ** level);
    const value = Number(points.values[i]);
    if (open?.bucket !== bucket) {
      if (open !== undefined) mergeBucket(db, seriesId, level, open);
      open = { bucket, min: null, max: null, sum: 0, finite: 0, nonFinite: 0 };
    }
    if (Number.isFinite(value)) {
      open.min = open.min === null ? value : Math.min(open.min, value);
      open.max = open.max === null ? value : Math.max(open.max, value);
      open.sum += value;
      open.finite += 1;
    } else open.nonFinite += 1;
  }
  if (open !== undefined) mergeBucket(db, seriesId, level, open);
}

function appendSeries(db: Registry, runId: string, points: MetricPoints, atMs: number): void {
  const count = points.steps.length;
  const { series_id: seriesId, last_step: lastStep } = seriesOf(db, runId, points.name);
  let ascending = true;
  let nonFinite = 0;
  let earliest = Infinity;
  let previous = lastStep ?? -1;
  const insert = statement(
    db,
    `INSERT INTO points (series_id, step, at_ms, value) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, value = excluded.value`,
  );
  for (let i = 0; i < count; i++) {
    const step = Number(points.steps[i]);
    const value = Number(points.values[i]);
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new AppError('input/invalid', `Metric ${points.name}: a step is a whole number from 0 on, got ${step}.`, {
        runId,
      });
    }
    if (step <= previous) ascending = false;
    if (!Number.isFinite(value)) nonFinite += 1;
    earliest = Math.min(earliest, step);
    previous = step;
    // SQLite has no NaN: better-sqlite3 stores NULL for it, which the reads turn back.
    insert.run(seriesId, step, atMs, value);
  }
  if (!ascending) {
    rebuildBuckets(db, seriesId, earliest);
    refreshSeries(db, seriesId);
    return;
  }
  for (const level of BUCKET_LEVELS) extendBuckets(db, seriesId, level, points);
  statement(
    db,
    'UPDATE series SET points = points + ?, non_finite = non_finite + ?, last_step = ?, last_value = ? WHERE series_id = ?',
  ).run(count, nonFinite, previous, Number(points.values[count - 1]), seriesId);
}

function rememberLastLoss(db: Registry, runId: string, series: readonly MetricPoints[]): void {
  for (const name of LEADING_LOSSES) {
    const points = series.find((one) => one.name === name && one.values.length > 0);
    if (points === undefined) continue;
    const last = Number(points.values[points.values.length - 1]);
    statement(db, 'UPDATE runs SET last_loss = ? WHERE run_id = ?').run(writeNumber(last), runId);
    return;
  }
}

/**
 * Stores points of any number of metrics in one transaction. A step that a series already has is replaced, so
 * that storing a report twice changes nothing.
 * @throws AppError input/invalid for columns of unequal length or a step that is no whole number
 */
export function appendMetrics(db: Registry, runId: string, series: readonly MetricPoints[], atMs: number): void {
  db.transaction(() => {
    for (const points of series) {
      if (points.steps.length !== points.values.length) {
        throw new AppError(
          'input/invalid',
          `Metric ${points.name}: ${points.steps.length} steps but ${points.values.length} values.`,
          { runId, metric: points.name },
        );
      }
      if (points.steps.length > 0) appendSeries(db, runId, points, atMs);
    }
    rememberLastLoss(db, runId, series);
  }).immediate();
}

/** Deletes every metric point of a run after `step`. */
export function truncateMetrics(db: Registry, runId: string, step: number): void {
  const rows = z
    .array(SeriesRow)
    .parse(statement(db, 'SELECT series_id, last_step FROM series WHERE run_id = ?').all(runId));
  for (const { series_id: seriesId, last_step: lastStep } of rows) {
    if (lastStep === null || lastStep <= step) continue;
    statement(db, 'DELETE FROM points WHERE series_id = ? AND step > ?').run(seriesId, step);
    rebuildBuckets(db, seriesId, step + 1);
    refreshSeries(db, seriesId);
  }
  statement(db, 'DELETE FROM series WHERE run_id = ? AND points = 0').run(runId);
}
