import { z } from 'zod';
import { OBJECTIVES, RunConfig } from '../config/run-config.ts';
import { RunStatus } from '../run/run-status.ts';
import { RUN_PHASES } from './engine-protocol.ts';
import { WireError } from './wire-error.ts';
import { WireNumber } from './wire-number.ts';

// What the page is told about runs. Times are milliseconds since 1970, losses nats per target token, scores as stored.

export const RunId = z.string().min(1).max(128);

export const ProgressView = z.strictObject({
  step: z.int().min(0),
  totalSteps: z.int().min(0),
  examplesSeen: z.int().min(0),
  totalExamples: z.int().min(0),
  samplesPerSecond: z.number().min(0),
});
export type ProgressView = z.infer<typeof ProgressView>;

/** One row of the list of runs; also what a `run.changed` event carries. */
export const RunSummary = z.strictObject({
  runId: RunId,
  name: z.string(),
  preset: z.string().nullable(),
  objective: z.enum(OBJECTIVES),
  status: RunStatus,
  /** What a starting or running engine is doing; null otherwise. */
  phase: z.enum(RUN_PHASES).nullable(),
  createdAtMs: z.number(),
  startedAtMs: z.number().nullable(),
  finishedAtMs: z.number().nullable(),
  progress: ProgressView.nullable(),
  /** The run whose weights this one began with. */
  parentRunId: RunId.nullable(),
  /** e.g. "tensorflow on CPU:0", once known. */
  executor: z.string().nullable(),
  lastLoss: WireNumber.nullable(),
  /** Best validation score so far by metric. */
  bestScores: z.record(z.string(), z.strictObject({ value: WireNumber, step: z.int().min(0) })),
  /** Results of a finished run by name ("test.latest.accuracy"). */
  scores: z.record(z.string(), WireNumber),
  error: WireError.nullable(),
  dataKind: z.string(),
  seed: z.int(),
  tags: z.array(z.string()),
  notes: z.string(),
  /** The sweep it was started by. */
  sweepId: z.string().nullable(),
  archivedAtMs: z.number().nullable(),
  trashedAtMs: z.number().nullable(),
  /** Place in the queue, 0 first; null unless it waits. */
  queuePosition: z.int().min(0).nullable(),
  /** Latest checkpoint's step, where resuming goes on; null without one. */
  resumeStep: z.int().min(0).nullable(),
  /** Since when its engine has not said a word, once that is remarkably long (it may be compiling); null otherwise. */
  silentSinceMs: z.number().nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

export const RunEventView = z.strictObject({
  eventId: z.int().min(0),
  atMs: z.number(),
  kind: z.string(),
  message: z.string(),
});
export type RunEventView = z.infer<typeof RunEventView>;

export const RunDetail = z.strictObject({
  summary: RunSummary,
  config: RunConfig,
  /** Oldest first. */
  events: z.array(RunEventView),
  metricNames: z.array(z.string()),
});
export type RunDetail = z.infer<typeof RunDetail>;

export const PresetView = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  config: RunConfig,
});
export type PresetView = z.infer<typeof PresetView>;

export const TeacherExampleView = z.strictObject({
  exampleId: z.int().min(0),
  step: z.int().min(0),
  /** Feedback h of the step; null where it was not measured. */
  feedback: WireNumber.nullable(),
  /** Among the held-out unlabeled texts; the same text in every run of the same data. */
  textIndex: z.int().min(0),
  /** Aligned token by token; padding is left out. */
  xU: z.array(z.string()),
  xHat: z.array(z.string()),
  yHat: z.array(z.string()),
});
export type TeacherExampleView = z.infer<typeof TeacherExampleView>;

export const EvaluationView = z.strictObject({
  evaluationId: z.int().min(0),
  step: z.int().min(0),
  split: z.string(),
  /** Which weights: those of this step ("current") or a checkpoint's kind. */
  weights: z.string(),
  scores: z.record(z.string(), WireNumber),
  hasClassMap: z.boolean(),
});
export type EvaluationView = z.infer<typeof EvaluationView>;

export const LabeledPoint = z.strictObject({ x: z.number(), y: z.number(), label: z.int().min(0).max(1) });
export type LabeledPoint = z.infer<typeof LabeledPoint>;

/** What a model has learned over the grid. */
export const ClassMapView = z.strictObject({
  evaluationId: z.int().min(0),
  step: z.int().min(0),
  side: z.int().min(1).max(1024),
  /** Probability of the positive class, cell (column x, row y) at `y * side + x`. */
  values: z.array(WireNumber),
});
export type ClassMapView = z.infer<typeof ClassMapView>;
