import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { ClassMap, Split, TeacherExample } from '../../../src-shared/ipc/engine-protocol.ts';
import type { BatchSource, IdMatrix } from '../data/micro-batch.ts';
import type { Executor, TensorData } from '../executors/executor.ts';
import type { EvaluatedBatch, Objective, WrittenExamples } from '../objectives/objective.ts';
import type { ProbePart } from './probe-texts.ts';
import type { TrainState } from './train-state.ts';

/** What the trainer is made of; `compose.ts` has the real ones, tests bring small fakes. */
export interface TrainParts<Data extends RunData = RunData> {
  /** @param dataDirectory where imported data lie */
  prepareData(config: RunConfig, dataDirectory: string): Promise<Data>;
  buildObjective(config: RunConfig, data: Data): Objective;
  /** @param required the executor a resumed run began with: no other will do */
  openExecutor(config: RunConfig, required: string | undefined): Promise<{ executor: Executor; reason: string }>;
  readonly checkpoints: CheckpointFiles;
}

/** Scores of a split of a run's own task by metric name ("loss", "accuracy", …; shares x100). */
export interface SplitEvaluation {
  readonly scores: Readonly<Record<string, number>>;
  readonly classMap?: ClassMap;
}

/** Scores one batch with the present weights, dropout off. */
export type ScoreBatch = (x: IdMatrix, y: IdMatrix) => Promise<EvaluatedBatch>;

/** Micro-batches from some index on, and the end of whatever prepares them. */
export interface RunSource extends BatchSource {
  /** Share (0..1) of the time since the last call that was spent waiting for micro-batches; absent where nothing prepares them ahead. */
  takeWaitedShare?(): number;
  dispose(): Promise<void>;
}

export interface RunData {
  /** Micro-batches that are read in order from `startIndex` on. */
  openSource(startIndex: number): RunSource;
  /** Splits that can be evaluated for this run's objective. */
  readonly evaluationSplits: readonly Split[];
  evaluateSplit(split: Split, score: ScoreBatch): Promise<SplitEvaluation>;
  /** The unlabeled texts for which the teacher writes at every kept step; none where there is no teacher. */
  readonly probe: readonly ProbePart[];
  /** Probe texts beside what the teacher made of them, token by token. */
  describeTeacherExamples(part: ProbePart, written: WrittenExamples): TeacherExample[];
}

export type Variables = Readonly<Record<string, TensorData>>;

/** Files of one run's checkpoints. */
export interface CheckpointFiles {
  save(
    content: { kind: string; variables: Variables; state: TrainState; scores: Readonly<Record<string, number>> },
    run: { runId: string; config: RunConfig; directory: string; objective: Objective },
  ): Promise<{ file: string; bytes: number; sha256: string }>;
  /** Every variable and the state. @throws AppError checkpoint/invalid, checkpoint/incompatible, file/not-found */
  loadAll(file: string, config: RunConfig, objective: Objective): Promise<{ variables: Variables; state: TrainState }>;
  /** The student's parameters alone. @throws like loadAll */
  loadStudent(file: string, config: RunConfig): Promise<TensorData>;
}

export const STUDENT_PARAMETERS = 'student.parameters';
