import { z } from 'zod';
import { AppendedPoints, DecimatedSeries } from '../metric-series.ts';
import { ClassMapView, EvaluationView, LabeledPoint, RunEventView, RunId } from '../run-views.ts';
import { OfRun } from './values.ts';

/** Where a part of an export begins. */
const ExportPlace = z.strictObject({
  /** Which of the runs asked for. */
  run: z.int().min(0),
  metric: z.string().max(200),
  /** First step of the part; 0 where the metric begins with it. */
  step: z.int().min(0),
  /** Whether it is the run's first metric. */
  isFirst: z.boolean(),
});

export const MEASUREMENT_REQUESTS = {
  'metrics.read': {
    body: z.strictObject({
      runId: RunId,
      names: z.array(z.string().max(200)).min(1).max(64),
      /** At most this many buckets per metric. */
      maxBuckets: z.int().min(16).max(4096),
      /** Steps to read, first included, last excluded; all when left out. */
      range: z.strictObject({ from: z.int().min(0), to: z.int().min(1) }).optional(),
    }),
    answer: z.array(DecimatedSeries),
  },
  /**
   * Examples seen and time of steps, for other x axes: columns of equal length, ascending, at most `maxPoints`;
   * between two of them both are taken as linear in the step.
   */
  'metrics.axes': {
    body: z.strictObject({ runId: RunId, maxPoints: z.int().min(2).max(4096) }),
    answer: z.strictObject({
      steps: z.array(z.int().min(0)),
      examplesSeen: z.array(z.number()),
      /** Milliseconds of training so far, pauses and interruptions left out. */
      trainedMs: z.array(z.number()),
    }),
  },
  /**
   * Every stored point as the text of a file, in parts of bounded size: the first without `at`, each following one with the
   * `next` of the one before, until that is null.
   */
  'metrics.export': {
    body: z.strictObject({
      runIds: z.array(RunId).min(1).max(100),
      /** All of each run when left out. */
      names: z.array(z.string().max(200)).min(1).max(2000).optional(),
      format: z.enum(['csv', 'json']),
      at: ExportPlace.optional(),
    }),
    /** The text itself: a browser saves it, nothing is written on the host. */
    answer: z.strictObject({
      fileName: z.string(),
      mediaType: z.string(),
      text: z.string(),
      next: ExportPlace.nullable(),
    }),
  },
  /** The end of the engine's log, in whole lines. */
  'runs.log': {
    body: z.strictObject({ runId: RunId, maxBytes: z.int().min(1000).max(1_000_000) }),
    answer: z.strictObject({
      text: z.string(),
      /** Where all of it lies on the host. */
      file: z.string(),
      totalBytes: z.int().min(0),
    }),
  },
  'evaluations.list': { body: OfRun, answer: z.array(EvaluationView) },
  'evaluations.classMap': {
    /** The run's latest map where no evaluation is named. */
    body: z.strictObject({ runId: RunId, evaluationId: z.int().min(0).optional() }),
    answer: ClassMapView.nullable(),
  },
  /** The labeled training points of a Two Moons run. */
  'data.labeledPoints': { body: OfRun, answer: z.array(LabeledPoint) },
} as const;

export const MEASUREMENT_EVENTS = {
  'metrics.appended': z.strictObject({ runId: RunId, series: z.array(AppendedPoints) }),
  'event.added': z.strictObject({ runId: RunId, event: RunEventView }),
  'evaluation.added': z.strictObject({ runId: RunId, evaluation: EvaluationView }),
} as const;
