import { z } from 'zod';
import { MachineReport } from './machine-report.ts';
import { AppendedPoints, DecimatedSeries } from './metric-series.ts';
import {
  ClassMapView,
  EvaluationView,
  LabeledPoint,
  PresetView,
  RunDetail,
  RunEventView,
  RunId,
  RunSummary,
  TeacherExampleView,
} from './run-views.ts';

/**
 * Everything the page and the main process say to each other, whatever carries it (Electron's IPC, a WebSocket).
 * Each request has a body and an answer; events go from the main process to every page. Unknown fields are refused.
 */

const NoBody = z.strictObject({});
const OfRun = z.strictObject({ runId: RunId });

const FieldValue = z.union([z.number(), z.string().max(1000), z.boolean()]);

/** One field of the run configuration as a form shows it. */
const FieldView = z.strictObject({
  path: z.string(),
  type: z.enum(['integer', 'number', 'boolean', 'choice']),
  unit: z.string(),
  help: z.string(),
  /** Readable, e.g. "1 to 48". */
  range: z.string(),
  standard: FieldValue,
  /** Empty where the field is not a choice. */
  choices: z.array(z.string()),
  /** Set for fields that exist only for one kind of data. */
  dataKind: z.string().nullable(),
});

export const REQUESTS = {
  'presets.list': { body: NoBody, answer: z.array(PresetView) },
  'config.fields': { body: NoBody, answer: z.array(FieldView) },
  'system.doctor': { body: NoBody, answer: MachineReport },
  'runs.list': { body: NoBody, answer: z.array(RunSummary) },
  'runs.get': { body: OfRun, answer: RunDetail },
  'runs.start': {
    body: z.strictObject({
      preset: z.string().min(1).max(128),
      /** Values by path, e.g. {"data.labels": 20}. */
      overrides: z.record(z.string().max(128), FieldValue),
      /** Begin with the student of this run's latest checkpoint. */
      from: RunId.optional(),
      name: z.string().trim().min(1).max(200).optional(),
    }),
    answer: RunSummary,
  },
  /** Finish the step, save, end. */
  'runs.stop': { body: OfRun, answer: RunSummary },
  'runs.pause': { body: OfRun, answer: RunSummary },
  /** Continues a paused run, or starts an engine from the latest checkpoint of one that ended early. */
  'runs.resume': { body: OfRun, answer: RunSummary },
  'metrics.read': {
    body: z.strictObject({
      runId: RunId,
      names: z.array(z.string().max(200)).min(1).max(64),
      /** At most this many buckets per metric. */
      maxBuckets: z.int().min(16).max(4096),
    }),
    answer: z.array(DecimatedSeries),
  },
  'evaluations.list': { body: OfRun, answer: z.array(EvaluationView) },
  'evaluations.classMap': {
    /** The run's latest map where no evaluation is named. */
    body: z.strictObject({ runId: RunId, evaluationId: z.int().min(0).optional() }),
    answer: ClassMapView.nullable(),
  },
  /** The labeled training points of a Two Moons run. */
  'data.labeledPoints': { body: OfRun, answer: z.array(LabeledPoint) },
  'teacherExamples.list': {
    /** The newest `limit` examples, newest first. */
    body: z.strictObject({ runId: RunId, limit: z.int().min(1).max(200) }),
    answer: z.array(TeacherExampleView),
  },
} as const satisfies Record<string, { body: z.ZodType; answer: z.ZodType }>;

export const EVENTS = {
  'run.changed': RunSummary,
  'metrics.appended': z.strictObject({ runId: RunId, series: z.array(AppendedPoints) }),
  'event.added': z.strictObject({ runId: RunId, event: RunEventView }),
  'evaluation.added': z.strictObject({ runId: RunId, evaluation: EvaluationView }),
  'teacherExamples.added': z.strictObject({ runId: RunId, step: z.int().min(0) }),
} as const satisfies Record<string, z.ZodType>;

export type RequestName = keyof typeof REQUESTS;
export type RequestBody<Name extends RequestName> = z.output<(typeof REQUESTS)[Name]['body']>;
export type AnswerBody<Name extends RequestName> = z.output<(typeof REQUESTS)[Name]['answer']>;
export type EventName = keyof typeof EVENTS;
export type EventBody<Name extends EventName> = z.output<(typeof EVENTS)[Name]>;
export type FieldView = z.infer<typeof FieldView>;

export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(REQUESTS, name);
}

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(EVENTS, name);
}
