import { z } from 'zod';
import { RunStatus } from '../../run/run-status.ts';
import { RunDetail, RunId, RunSummary } from '../run-views.ts';
import { WireNumber } from '../wire-number.ts';
import { ConfigBase, FieldPath, FieldValue, OfRun, RunIds, WeightsFrom } from './values.ts';

/**
 * A column of the table of runs: "name", "status", "objective", "dataKind", "progress", "samplesPerSecond", "lastLoss",
 * "bestScore", "createdAtMs", "durationMs", "diskBytes", "tags", a configuration field "config:optimizer.learningRate",
 * a result "score:test.latest.accuracy" or a best validation score "best:accuracy".
 */
const ColumnName = z.string().min(1).max(200);

const Filter = z.strictObject({
  column: ColumnName,
  operator: z.enum(['is', 'isNot', 'contains', 'less', 'atMost', 'greater', 'atLeast']),
  value: FieldValue,
});
export type RunFilter = z.infer<typeof Filter>;

/** Which runs, before sorting and paging. */
export const RunSelection = z.strictObject({
  scope: z.enum(['live', 'archived', 'trash']),
  /** Every word must occur in name, notes, tags, preset, objective or id; "" for all. */
  text: z.string().max(500),
  filters: z.array(Filter).max(20),
});
export type RunSelection = z.infer<typeof RunSelection>;

const Cell = z.union([WireNumber, z.string(), z.boolean(), z.null()]);

/** A row of the table: the summary, and the values of the extra columns that were asked for, in their order. */
export const RunRow = z.strictObject({ summary: RunSummary, cells: z.array(Cell) });
export type RunRow = z.infer<typeof RunRow>;

const GroupRow = z.strictObject({
  /** Values of the group's keys, in the order asked. */
  keys: z.array(Cell),
  runs: z.int().min(1),
  runIds: z.array(RunId),
  /** Per extra column that holds numbers: mean and sample standard deviation over the group's finite values. */
  cells: z.array(z.strictObject({ mean: WireNumber, std: WireNumber, count: z.int().min(0) }).nullable()),
});
export type RunGroupRow = z.infer<typeof GroupRow>;

const NewRun = {
  base: ConfigBase,
  from: WeightsFrom.optional(),
  name: z.string().trim().min(1).max(200).optional(),
  tags: z.array(z.string().trim().min(1).max(60)).max(20).default([]),
};

export const RUN_REQUESTS = {
  /** A window of the table, sorted where it is stored: thousands of runs never cross the wire at once. */
  'runs.query': {
    body: z.strictObject({
      selection: RunSelection,
      sort: z.strictObject({ column: ColumnName, direction: z.enum(['ascending', 'descending']) }),
      /** Columns beyond the summary. */
      columns: z.array(ColumnName).max(40),
      offset: z.int().min(0),
      limit: z.int().min(1).max(500),
    }),
    answer: z.strictObject({ total: z.int().min(0), rows: z.array(RunRow) }),
  },
  /** Runs grouped by configuration fields (seeds aside), numbers as mean and standard deviation. */
  'runs.group': {
    body: z.strictObject({
      selection: RunSelection,
      by: z.array(ColumnName).min(1).max(4),
      columns: z.array(ColumnName).max(40),
      limit: z.int().min(1).max(2000),
    }),
    answer: z.strictObject({ total: z.int().min(0), groups: z.array(GroupRow) }),
  },
  /** Names for column and filter choosers: configuration paths that differ, score names, tags in use. */
  'runs.columns': {
    body: z.strictObject({ scope: RunSelection.shape.scope }),
    answer: z.strictObject({ columns: z.array(ColumnName), tags: z.array(z.string()), total: z.int().min(0) }),
  },
  /** In the order asked; ids that are unknown are left out. */
  'runs.summaries': { body: z.strictObject({ runIds: RunIds }), answer: z.array(RunSummary) },
  /** Loss over the run in at most 48 buckets, NaN where a bucket has no finite value. */
  'runs.sparklines': {
    body: z.strictObject({ runIds: z.array(RunId).min(1).max(200) }),
    answer: z.array(z.strictObject({ runId: RunId, values: z.array(WireNumber) })),
  },
  'runs.get': { body: OfRun, answer: RunDetail },
  'runs.start': { body: z.strictObject(NewRun), answer: RunSummary },
  /** Finish the step, save, end. */
  'runs.stop': { body: OfRun, answer: RunSummary },
  /** End at once without saving; the run goes on from its latest checkpoint when resumed. */
  'runs.kill': { body: OfRun, answer: RunSummary },
  'runs.pause': { body: OfRun, answer: RunSummary },
  /** Continues a paused run, or starts an engine from the latest checkpoint of one that ended early. */
  'runs.resume': { body: OfRun, answer: RunSummary },
  'runs.edit': {
    body: z.strictObject({
      runIds: RunIds,
      name: z.string().trim().min(1).max(200).optional(),
      notes: z.string().max(20_000).optional(),
      addTags: z.array(z.string().trim().min(1).max(60)).max(20).optional(),
      removeTags: z.array(z.string().max(60)).max(20).optional(),
      archived: z.boolean().optional(),
    }),
    answer: z.array(RunSummary),
  },
  /** To the trash: out of sight, nothing deleted. Runs with an engine are refused. */
  'runs.trash': { body: z.strictObject({ runIds: RunIds }), answer: z.array(RunSummary) },
  'runs.restore': { body: z.strictObject({ runIds: RunIds }), answer: z.array(RunSummary) },
  /** Deletes trashed runs, rows and files, and gives the space back to the file system. */
  'runs.purge': {
    body: z.strictObject({ runIds: RunIds }),
    answer: z.strictObject({ runs: z.int().min(0), freedBytes: z.number().min(0) }),
  },
  'runs.diskUse': {
    body: z.strictObject({ runIds: RunIds }),
    answer: z.array(z.strictObject({ runId: RunId, bytes: z.number().min(0) })),
  },
} as const;

/** Statuses that a filter offers, in the order of a run's life. */
export const STATUS_CHOICES: readonly RunStatus[] = RunStatus.options;

export const SWEEP_REQUESTS = {
  /** What a sweep would start, and what is wrong with it; starts nothing. */
  'sweeps.check': {
    body: z.strictObject({
      base: ConfigBase,
      axes: z.array(z.strictObject({ path: FieldPath, values: z.array(FieldValue).min(1).max(200) })).max(8),
      seeds: z.array(z.int().min(0)).min(1).max(100),
    }),
    answer: z.strictObject({
      runs: z.int().min(0),
      /** The first 50: name and changed values. */
      preview: z.array(z.strictObject({ name: z.string(), overrides: z.record(FieldPath, FieldValue) })),
      problems: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    }),
  },
  /** Every combination of the axes' values, times the seeds, queued in that order as one group. */
  'sweeps.start': {
    body: z.strictObject({
      ...NewRun,
      axes: z.array(z.strictObject({ path: FieldPath, values: z.array(FieldValue).min(1).max(200) })).max(8),
      seeds: z.array(z.int().min(0)).min(1).max(100),
    }),
    answer: z.strictObject({ sweepId: z.string(), runs: z.array(RunSummary) }),
  },
} as const;

const Queue = z.strictObject({
  /** Engines at work at the same time. */
  concurrency: z.int().min(1).max(64),
  running: z.array(RunSummary),
  /** First in line first. */
  waiting: z.array(RunSummary),
});
export type Queue = z.infer<typeof Queue>;

export const QUEUE_REQUESTS = {
  'queue.get': { body: z.strictObject({}), answer: Queue },
  /** Puts a waiting run before another one, or at the end. */
  'queue.move': { body: z.strictObject({ runId: RunId, before: RunId.nullable() }), answer: Queue },
  'queue.setConcurrency': { body: z.strictObject({ concurrency: z.int().min(1).max(64) }), answer: Queue },
} as const;

export const RUN_EVENTS = {
  'run.changed': RunSummary,
  /** Runs that left every list (purged). */
  'runs.removed': z.strictObject({ runIds: z.array(RunId) }),
  'queue.changed': Queue,
} as const;
