import type { TensorData } from '../executors/executor.ts';
import type { Program } from '../graph/program.ts';
import type { IdMatrix, MicroBatch } from '../data/micro-batch.ts';

/** One call of a session: which function, with what. */
export interface Call {
  readonly functionName: string;
  readonly feeds: Readonly<Record<string, TensorData>>;
}

/** A step's numbers by metric name (e.g. "student.loss", "teacher.lossXm", "h", "student.learningRate"). */
export type StepMetrics = Record<string, number>;

/**
 * Something that can be trained: its program (training and evaluation functions over shared variables), how a call
 * is fed, and what its fetches mean. Pure: no executor, no files, no clock.
 */
export interface Objective {
  readonly program: Program;
  /** How many consecutive micro-batches one training call takes; divides the accumulation G or equals it. */
  readonly microBatchesPerCall: number;
  /** Values for every variable at micro-step 0, a function of the run's seed. */
  initialState(seed: number): Record<string, TensorData>;
  /** The call that trains on micro-batches `firstIndex`, `firstIndex + 1`, …; `logFeedback` asks MLM to measure h. */
  trainingCall(microBatches: readonly MicroBatch[], firstIndex: number, logFeedback?: boolean): Call;
  /** Metrics of a training call from its fetches; learning rates included. */
  stepMetrics(call: Call, fetched: Readonly<Record<string, TensorData>>, firstIndex: number): StepMetrics;
  /**
   * What the teacher writes for the unlabeled texts of part `part` of the probe (dropout off), where there is a teacher:
   * hard samples with a key made of `part` alone, soft takes the most probable tokens. `xU` has at most
   * `shapes.evaluationRows` rows.
   */
  writingCall?(xU: IdMatrix, part: number): Call;
  written?(fetched: Readonly<Record<string, TensorData>>, xU: IdMatrix): WrittenExamples;
  /**
   * Scores a batch of one of the evaluation sizes with the student, dropout off: a labeled task's rows in fine-tuning, masked
   * texts otherwise.
   */
  evaluationCall(x: IdMatrix, y: IdMatrix): Call;
  evaluation(fetched: Readonly<Record<string, TensorData>>, x: IdMatrix, y: IdMatrix): EvaluatedBatch;
}

/** A teacher's pseudo examples for some unlabeled texts. */
export interface WrittenExamples {
  readonly xHat: IdMatrix;
  readonly yHat: IdMatrix;
  /** Mean entropy of the teacher's distributions over non-padding positions, nats per position. */
  readonly entropyX: number;
  readonly entropyY: number;
}

export interface EvaluatedBatch {
  /** Per row: summed cross-entropy (nats) over its target positions, and how many those are. */
  readonly targetCount: Int32Array;
  /** Absent where the objective was built without it. */
  readonly lossSum?: Float64Array;
  /** Per row: targets that are the most probable token there; of masked texts alone. */
  readonly correctCount?: Int32Array;
  /**
   * [rows, labels]: mean of the label tokens' logits over the positions of a row padded to the labeled length, with zeros at
   * padding (section 6 of the method). Empty where the objective was built without label tokens.
   */
  readonly labelScores: Float32Array;
  /** Per position [rows, S] the most probable token and its log-probability, nats; where answers are spans. */
  readonly marks?: { readonly token: Int32Array; readonly logProbability: Float32Array };
}
