import type { AppErrorCode, AppErrorDetails } from '../app-error.ts';
import type { ObjectiveName, RunConfig } from '../config/run-config.ts';
import type { RunStatus } from './run-status.ts';

// What the registry keeps of a run. Times are milliseconds since 1970; scores may be NaN or infinite.

export type Scores = Readonly<Record<string, number>>;

export interface RunProgress {
  readonly step: number;
  readonly totalSteps: number;
  readonly examplesSeen: number;
  readonly totalExamples: number;
  readonly samplesPerSecond: number;
}

export interface RunExecutor {
  readonly name: string;
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Why this one was taken. */
  readonly reason: string;
}

export interface StoredError {
  readonly code: AppErrorCode;
  readonly message: string;
  readonly details: AppErrorDetails;
}

/** A run without its configuration: what lists of thousands of runs read. */
export interface RunOverview {
  readonly runId: string;
  readonly name: string;
  /** The preset it was started from, as a hint to the reader; the configuration alone counts. */
  readonly preset: string | null;
  readonly objective: ObjectiveName;
  readonly status: RunStatus;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  /** Last sign of life of the process that owns the run, and its process id. */
  readonly heartbeatAtMs: number | null;
  readonly ownerPid: number | null;
  readonly error: StoredError | null;
  /** The run whose weights this one began with, and the checkpoint's file. */
  readonly parentRunId: string | null;
  readonly parentCheckpoint: string | null;
  readonly executor: RunExecutor | null;
  readonly progress: RunProgress | null;
  /** Result of a finished run, by name ("test.latest.accuracy"). */
  readonly scores: Scores;
  /** Best validation score so far by metric. */
  readonly bestScores: Readonly<Record<string, { readonly value: number; readonly step: number }>>;
  readonly lastLoss: number | null;
  readonly tags: readonly string[];
  readonly notes: string;
  readonly archivedAtMs: number | null;
  /** In the trash since then; out of sight, nothing deleted. */
  readonly trashedAtMs: number | null;
  readonly dataKind: string;
  readonly seed: number;
  /** The sweep it was started by. */
  readonly sweepId: string | null;
  /** Place among the waiting runs, 0 first; null unless it waits. */
  readonly queuePosition: number | null;
  /** Step of the latest checkpoint, where a resume goes on; null without one. */
  readonly resumeStep: number | null;
  /** Files and registry rows as last measured, bytes. */
  readonly diskBytes: number;
}

export interface RunRecord extends RunOverview {
  readonly config: RunConfig;
}

export interface RunEvent {
  readonly eventId: number;
  readonly runId: string;
  readonly atMs: number;
  /** E.g. "created", "started", "resumed", "warning", "failed". */
  readonly kind: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface CheckpointRecord {
  readonly runId: string;
  /** "latest", "best-<metric>" or "step-<step>". */
  readonly kind: string;
  readonly step: number;
  readonly examplesSeen: number;
  /** The checkpoint's JSON file. */
  readonly file: string;
  /** JSON and tensors together. */
  readonly bytes: number;
  /** Of the tensors file. */
  readonly sha256: string;
  readonly scores: Scores;
  readonly savedAtMs: number;
}

/** Probabilities of the positive label over a square grid; cell (column, row) is `values[row * side + column]`. */
export interface ClassMap {
  readonly side: number;
  readonly values: Float32Array;
}

export interface EvaluationRecord {
  readonly evaluationId: number;
  readonly runId: string;
  readonly step: number;
  readonly examplesSeen: number;
  readonly split: string;
  /** Which weights: "current", or a checkpoint's kind. */
  readonly weights: string;
  readonly scores: Scores;
  readonly hasClassMap: boolean;
  readonly atMs: number;
}

/** What the teacher made of one unlabeled text; the three are aligned token by token, padding left out. */
export interface TeacherExample {
  /** Among the held-out unlabeled texts; the same text in every run of the same data. */
  readonly textIndex: number;
  readonly xU: readonly string[];
  readonly xHat: readonly string[];
  readonly yHat: readonly string[];
}

export interface TeacherExampleRecord extends TeacherExample {
  readonly exampleId: number;
  readonly runId: string;
  readonly step: number;
  readonly examplesSeen: number;
  /** h of the step; null where it was not measured. */
  readonly feedback: number | null;
}
