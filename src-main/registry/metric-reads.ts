import { z } from 'zod';
import { bucketExponent, levelFor } from './bucket-levels.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

/** What a list says of a run's metric without reading it. */
export interface MetricOverview {
  readonly name: string;
  readonly points: number;
  readonly nonFinite: number;
  readonly lastStep: number;
  readonly lastValue: number;
}

/** A metric at full resolution, as columns, ascending by step. */
export interface FullSeries {
  readonly name: string;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** When each point was stored, milliseconds since 1970. */
  readonly atMs: Float64Array;
}

/**
 * A metric in buckets, as columns of one entry per non-empty bucket, ascending. Bucket i covers the steps
 * [start, start + bucketSteps), `bucketSteps` a power of two and `start` a multiple of it, so that appended points
 * never move a border. Extremes and mean are over finite values, NaN where a bucket has none.
 */
export interface BucketedSeries {
  readonly name: string;
  readonly bucketSteps: number;
  readonly start: number[];
  readonly min: number[];
  readonly max: number[];
  readonly mean: number[];
  readonly finite: number[];
  readonly nonFinite: number[];
}

export interface StepRange {
  /** First and last step, both included. */
  readonly fromStep?: number | undefined;
  readonly toStep?: number | undefined;
}

const OverviewRow = z.object({
  metric: z.string(),
  points: z.number(),
  non_finite: z.number(),
  last_step: z.number(),
  last_value: z.number().nullable(),
});
type PointRow = [step: number, value: number | null, atMs: number];
type BucketRow = [
  bucket: number,
  min: number | null,
  max: number | null,
  sum: number,
  finite: number,
  nonFinite: number,
];

function seriesIdOf(db: Registry, runId: string, name: string): number | undefined {
  const id = statement(db, 'SELECT series_id FROM series WHERE run_id = ? AND metric = ?').get(runId, name);
  return id === undefined ? undefined : z.object({ series_id: z.number() }).parse(id).series_id;
}

function limits(range: StepRange): { from: number; to: number } {
  return { from: range.fromStep ?? 0, to: range.toStep ?? Number.MAX_SAFE_INTEGER };
}

/** By name. */
export function listMetrics(db: Registry, runId: string): MetricOverview[] {
  const rows = statement(db, 'SELECT * FROM series WHERE run_id = ? AND points > 0 ORDER BY metric').all(runId);
  return z
    .array(OverviewRow)
    .parse(rows)
    .map((row) => ({
      name: row.metric,
      points: row.points,
      nonFinite: row.non_finite,
      lastStep: row.last_step,
      lastValue: row.last_value ?? Number.NaN,
    }));
}

/** Every point; empty columns where the run has no such metric. */
export function readMetric(db: Registry, runId: string, name: string, range: StepRange = {}): FullSeries {
  const seriesId = seriesIdOf(db, runId, name);
  const { from, to } = limits(range);
  const rows =
    seriesId === undefined
      ? []
      : (statement(
          db,
          'SELECT step, value, at_ms FROM points WHERE series_id = ? AND step BETWEEN ? AND ? ORDER BY step',
        )
          .raw()
          // A million rows: checking each with zod would take longer than reading; the schema is STRICT instead.
          .all(seriesId, from, to) as PointRow[]);
  return columnsOf(name, rows);
}

/** The first `limit` points from a step on. */
export function readMetricPart(db: Registry, runId: string, name: string, fromStep: number, limit: number): FullSeries {
  const seriesId = seriesIdOf(db, runId, name);
  if (seriesId === undefined) return columnsOf(name, []);
  const rows = statement(
    db,
    'SELECT step, value, at_ms FROM points WHERE series_id = ? AND step >= ? ORDER BY step LIMIT ?',
  )
    .raw()
    .all(seriesId, fromStep, limit) as PointRow[];
  return columnsOf(name, rows);
}

function columnsOf(name: string, rows: readonly PointRow[]): FullSeries {
  const steps = new Float64Array(rows.length);
  const values = new Float64Array(rows.length);
  const atMs = new Float64Array(rows.length);
  rows.forEach(([step, value, at], i) => {
    steps[i] = step;
    values[i] = value ?? Number.NaN;
    atMs[i] = at;
  });
  return { name, steps, values, atMs };
}

/** Rows of the finest source that is not finer than needed: kept buckets, or points as buckets of one step. */
function sourceRows(db: Registry, seriesId: number, exponent: number, from: number, to: number): [number, BucketRow[]] {
  const level = levelFor(exponent);
  if (level === undefined) {
    const rows = statement(
      db,
      `SELECT step, CASE WHEN abs(value) < 9e999 THEN value END, CASE WHEN abs(value) < 9e999 THEN value END,
         CASE WHEN abs(value) < 9e999 THEN value ELSE 0.0 END, coalesce(abs(value) < 9e999, 0),
         NOT coalesce(abs(value) < 9e999, 0)
       FROM points WHERE series_id = ? AND step BETWEEN ? AND ? ORDER BY step`,
    )
      .raw()
      .all(seriesId, from, to) as BucketRow[];
    return [0, rows];
  }
  const rows = statement(
    db,
    `SELECT bucket, min, max, sum, finite, non_finite FROM buckets
     WHERE series_id = ? AND level = ? AND bucket BETWEEN ? AND ? ORDER BY bucket`,
  )
    .raw()
    .all(seriesId, level, Math.floor(from / 2 ** level), Math.floor(to / 2 ** level)) as BucketRow[];
  return [level, rows];
}

const lower = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));
const upper = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));

/**
 * At most `maxBuckets` buckets over the steps that a series has within the range; a bucket that reaches over an end
 * of the range covers all of its own steps. Empty columns where the run has no such metric.
 */
export function readBuckets(
  db: Registry,
  runId: string,
  name: string,
  maxBuckets: number,
  range: StepRange = {},
): BucketedSeries {
  const result: BucketedSeries = {
    name,
    bucketSteps: 1,
    start: [],
    min: [],
    max: [],
    mean: [],
    finite: [],
    nonFinite: [],
  };
  const seriesId = seriesIdOf(db, runId, name);
  if (seriesId === undefined) return result;
  const { from, to } = limits(range);
  const [first, last] = statement(
    db,
    `SELECT (SELECT min(step) FROM points WHERE series_id = :id AND step BETWEEN :from AND :to),
            (SELECT max(step) FROM points WHERE series_id = :id AND step BETWEEN :from AND :to)`,
  )
    .raw()
    .get({ id: seriesId, from, to }) as [number | null, number | null];
  if (first === null || last === null) return result;
  const exponent = bucketExponent(first, last, maxBuckets);
  const bucketSteps = 2 ** exponent;
  const [level, rows] = sourceRows(
    db,
    seriesId,
    exponent,
    Math.floor(first / bucketSteps) * bucketSteps,
    (Math.floor(last / bucketSteps) + 1) * bucketSteps - 1,
  );
  const shrink = 2 ** (exponent - level);
  return { ...mergeRows(rows, shrink, bucketSteps), name };
}

/** Merges `shrink` neighbouring source buckets into each bucket of `bucketSteps` steps. */
function mergeRows(rows: readonly BucketRow[], shrink: number, bucketSteps: number): Omit<BucketedSeries, 'name'> {
  const merged: BucketRow[] = [];
  for (const [source, min, max, sum, finite, nonFinite] of rows) {
    const bucket = Math.floor(source / shrink);
    const open = merged.at(-1);
    if (open?.[0] !== bucket) {
      merged.push([bucket, min, max, sum, finite, nonFinite]);
      continue;
    }
    open[1] = lower(open[1], min);
    open[2] = upper(open[2], max);
    open[3] += sum;
    open[4] += finite;
    open[5] += nonFinite;
  }
  return {
    bucketSteps,
    start: merged.map(([bucket]) => bucket * bucketSteps),
    min: merged.map(([, min]) => min ?? Number.NaN),
    max: merged.map(([, , max]) => max ?? Number.NaN),
    mean: merged.map(([, , , sum, finite]) => (finite === 0 ? Number.NaN : sum / finite)),
    finite: merged.map(([, , , , finite]) => finite),
    nonFinite: merged.map(([, , , , , nonFinite]) => nonFinite),
  };
}
