import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { RunConfig } from '../config/run-config.ts';
import { shortProblems } from '../short-problems.ts';
import { DataJobRequest, DataProgress, DataQuery } from './data-protocol.ts';
import { ExportRequest, ExportResult, ImportRequest, ImportResult } from './interchange-protocol.ts';
import { WireError } from './wire-error.ts';

/**
 * Everything main process and engine process say to each other. Both sides check what they receive. Messages travel
 * by structured clone (`serialization: 'advanced'` under Node, utilityProcess under Electron), so typed arrays,
 * NaN and infinities arrive as they were sent.
 */

/** A number that may be NaN or infinite; zod's own `number` refuses those, a diverging run produces them. */
const AnyNumber = z.custom<number>((value) => typeof value === 'number', 'expected a number');
const Scores = z.record(z.string(), AnyNumber);

export const RUN_PHASES = ['starting', 'preparing-data', 'compiling', 'training', 'evaluating', 'testing'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** Where the weights come from. */
export const TrainStart = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fresh') }),
  /** Student weights of another run's checkpoint, everything else as at the start. */
  z.strictObject({ kind: z.literal('weights'), file: z.string() }),
  /** Everything of this run's own checkpoint. */
  z.strictObject({ kind: z.literal('resume'), file: z.string() }),
]);
export type TrainStart = z.infer<typeof TrainStart>;

export const TrainRequest = z.strictObject({
  runId: z.string(),
  config: RunConfig,
  /** Where imported data lie (a home's folder `data`). */
  dataDirectory: z.string(),
  /** Folder of the run's checkpoints; made when the first one is written. */
  checkpointDirectory: z.string(),
  start: TrainStart,
  /** Files of a resumed run's best checkpoints by kind ("best-loss"), for the test at the end. */
  bestFiles: z.record(z.string(), z.string()),
});
export type TrainRequest = z.infer<typeof TrainRequest>;

export const PredictRequest = z.strictObject({
  config: RunConfig,
  /** As in TrainRequest. */
  dataDirectory: z.string(),
  checkpointFile: z.string(),
  /** What to predict with it: the run's own task (when left out), or a diagnostic with a model fine-tuned on RTE. */
  task: z.string().optional(),
  split: z.enum(SPLITS),
  /** Lines in the form of the benchmark's submissions. */
  outFile: z.string(),
  /** For a `PredictionRecord` per example: inputs, target and scores. */
  detailsFile: z.string().optional(),
});
export type PredictRequest = z.infer<typeof PredictRequest>;

export const EngineCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('train'), request: TrainRequest }),
  z.strictObject({ type: z.literal('predict'), request: PredictRequest }),
  z.strictObject({ type: z.literal('export'), request: ExportRequest }),
  z.strictObject({ type: z.literal('import'), request: ImportRequest }),
  /** Makes a data set, then ends; `stop` cancels it. */
  z.strictObject({ type: z.literal('data-job'), request: DataJobRequest }),
  /** A look into data sets; the process answers any number of them until its owner ends it. */
  z.strictObject({ type: z.literal('data-query'), id: z.int().min(0), query: DataQuery }),
  /** Finish the step, save, end. */
  z.strictObject({ type: z.literal('stop') }),
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('continue') }),
  /** Everything up to report `sequence` is stored. */
  z.strictObject({ type: z.literal('acknowledge'), sequence: z.int().min(1) }),
]);
export type EngineCommand = z.infer<typeof EngineCommand>;

/** One metric's new points; `steps` counts optimizer steps and rises. */
const MetricSeries = z.strictObject({
  name: z.string(),
  steps: z.instanceof(Float64Array),
  values: z.instanceof(Float64Array),
});
export type MetricSeries = z.infer<typeof MetricSeries>;

const Progress = z.strictObject({
  step: z.int().min(0),
  totalSteps: z.int().min(0),
  examplesSeen: z.int().min(0),
  totalExamples: z.int().min(0),
  samplesPerSecond: z.number().min(0),
});
export type Progress = z.infer<typeof Progress>;

const ClassMap = z.strictObject({
  /** Side of the square grid; cell (column, row) is `values[row * side + column]`. */
  side: z.int().min(1),
  /** Probability of the positive label, 0..1. */
  values: z.instanceof(Float32Array),
});
export type ClassMap = z.infer<typeof ClassMap>;

/** One probe text, aligned token by token; padding is left out. */
const TeacherExample = z.strictObject({
  /** Among the held-out unlabeled texts; the same text in every run of the same data. */
  textIndex: z.int().min(0),
  xU: z.array(z.string()),
  xHat: z.array(z.string()),
  yHat: z.array(z.string()),
});
export type TeacherExample = z.infer<typeof TeacherExample>;

const at = { step: z.int().min(0), examplesSeen: z.int().min(0) };

/** What a training run reports, in order. */
export const TrainReport = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('phase'), phase: z.enum(RUN_PHASES) }),
  z.strictObject({
    type: z.literal('executor'),
    name: z.string(),
    device: z.string(),
    versions: z.record(z.string(), z.string()),
    /** Why this executor, in words. */
    reason: z.string(),
  }),
  z.strictObject({ type: z.literal('progress'), progress: Progress, series: z.array(MetricSeries) }),
  z.strictObject({
    type: z.literal('evaluation'),
    ...at,
    split: z.enum(SPLITS),
    /** Which weights: those of this step, or a checkpoint's kind ("latest", "best-loss"). */
    weights: z.string(),
    scores: Scores,
    classMap: ClassMap.optional(),
  }),
  z.strictObject({
    type: z.literal('teacher-examples'),
    ...at,
    feedback: AnyNumber.optional(),
    /** Mean entropy of the teacher's distributions, nats per position. */
    entropy: z.strictObject({ x: AnyNumber, y: AnyNumber }),
    /** In the order of the probe, the same at every step. */
    examples: z.array(TeacherExample),
  }),
  z.strictObject({
    type: z.literal('checkpoint'),
    ...at,
    /** "latest", "best-<metric>" or "step-<step>". */
    kind: z.string(),
    file: z.string(),
    bytes: z.int().min(0),
    sha256: z.string(),
    scores: Scores,
  }),
  z.strictObject({ type: z.literal('warning'), ...at, message: z.string() }),
  z.strictObject({ type: z.literal('paused'), ...at }),
  z.strictObject({ type: z.literal('continued'), ...at }),
  z.strictObject({ type: z.literal('stopped'), ...at }),
  z.strictObject({ type: z.literal('finished'), ...at, scores: Scores }),
]);
export type TrainReport = z.infer<typeof TrainReport>;

export const EngineMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), pid: z.int() }),
  /** Sent about once a second while the engine's thread is free; a compiling engine may be silent for a minute. */
  z.strictObject({ type: z.literal('heartbeat') }),
  z.strictObject({ type: z.literal('report'), sequence: z.int().min(1), report: TrainReport }),
  z.strictObject({ type: z.literal('predicted'), file: z.string(), lines: z.int().min(0), scores: Scores }),
  z.strictObject({ type: z.literal('exported'), result: ExportResult }),
  z.strictObject({ type: z.literal('imported'), result: ImportResult }),
  z.strictObject({ type: z.literal('data-progress'), progress: DataProgress }),
  z.strictObject({ type: z.literal('data-made') }),
  /** As data-protocol.ts has it for the query. */
  z.strictObject({ type: z.literal('data-answer'), id: z.int().min(0), answer: z.unknown() }),
  z.strictObject({ type: z.literal('data-refused'), id: z.int().min(0), error: WireError }),
  z.strictObject({ type: z.literal('failed'), error: WireError }),
]);
export type EngineMessage = z.infer<typeof EngineMessage>;

/** @throws AppError ipc/invalid */
export function parseEngineCommand(value: unknown): EngineCommand {
  return parse(EngineCommand, value, 'command to the engine');
}

/** @throws AppError ipc/invalid */
export function parseEngineMessage(value: unknown): EngineMessage {
  return parse(EngineMessage, value, 'message from the engine');
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AppError('ipc/invalid', `Invalid ${what}: ${shortProblems(result.error)}`, {});
}
