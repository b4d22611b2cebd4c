import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { Graph } from '../graph/graph.ts';
import type { GraphNode } from '../graph/types.ts';

/** Rows and positions of an evaluation call. */
export interface EvaluationShape {
  readonly rows: number;
  readonly length: number;
}

/** Static sizes of an objective's calls. */
export interface ObjectiveShapes {
  /** N, rows of a micro-batch */
  readonly rows: number;
  /** S of unlabeled texts and their MLM pairs */
  readonly unlabeledLength: number;
  /** S of fine-tuning examples and of the labeled tasks' support and query examples */
  readonly labeledLength: number;
  /** rows of an evaluation call */
  readonly evaluationRows: number;
}

export interface ObjectiveOptions {
  /** The label ids whose scores an evaluation returns; empty for none. */
  readonly labelTokens: readonly number[];
  /** The labeled task's answers are spans: evaluations also return the most probable token of every position. */
  readonly marksSpans?: boolean;
  /**
   * The sizes that evaluations are computed at, by ascending length. `evaluationRows` of what is evaluated (labeled rows in
   * fine-tuning, unlabeled ones otherwise) when left out.
   */
  readonly evaluationShapes?: readonly EvaluationShape[];
  /** Whether evaluations of a labeled task have its loss, which takes the whole vocabulary's logits; yes when left out. */
  readonly evaluatesLoss?: boolean;
  readonly shapes: ObjectiveShapes;
  /** Micro-batches merged into one call, a divisor of the accumulation; all of it when left out. */
  readonly microBatchesPerCall?: number;
  /** Whether ids may be PAD; saying no where it is certain saves work. Both true when left out. */
  readonly padding?: { readonly unlabeled: boolean; readonly labeled: boolean };
  /**
   * Every length that a micro-batch's support and query examples may have, ascending; calls are built for each. The
   * labeled length, and the unlabeled one where MLM is a labeled task, when left out.
   */
  readonly labeledLengths?: readonly number[];
  /** Most masked positions a micro-batch can have; from the mask probability when left out. */
  readonly targetCapacity?: number;
  /** The same of one text. */
  readonly targetsPerSequence?: number;
  /** Rows of logits that exist at a time in a large vocabulary's loss; unlimited when left out. */
  readonly chunkRows?: number;
  /** Optimizer steps of the whole run, for schedules that end at 0. */
  readonly totalSteps?: number;
  /** Hard objective: xHat and yHat are fed instead of sampled (to compare with recorded runs). */
  readonly givenSamples?: boolean;
  /** Also fetch intermediate gradients (to compare with recorded runs). */
  readonly inspect?: boolean;
}

/** What is computed for one model's optimizer state; names of variables are `${model}.parameters` and so on. */
export type ModelName = 'student' | 'teacher';

/** The lengths that support and query batches are computed at, ascending. */
export function labeledLengthsOf(config: RunConfig, options: ObjectiveOptions): readonly number[] {
  if (options.labeledLengths !== undefined) return options.labeledLengths;
  const { labeledLength, unlabeledLength } = options.shapes;
  const lengths = config.meta.mlmAsTask ? [labeledLength, unlabeledLength] : [labeledLength];
  return [...new Set(lengths)].sort((a, b) => a - b);
}

/** The sizes that evaluations are computed at, by ascending length. */
export function evaluationShapesOf(
  { objective }: RunConfig,
  { evaluationShapes, shapes }: ObjectiveOptions,
): readonly EvaluationShape[] {
  if (evaluationShapes !== undefined) return evaluationShapes;
  const { labeledLength, unlabeledLength, evaluationRows: rows } = shapes;
  return [{ rows, length: objective === 'finetune' ? labeledLength : unlabeledLength }];
}

/** Whether training draws dropout masks at all. */
export const usesDropout = ({ model }: RunConfig): boolean =>
  model.dropout > 0 || model.attentionDropout > 0 || model.activationDropout > 0;

/** The nodes that a step's random numbers are keyed by. */
export function randomKeyInput(graph: Graph): GraphNode {
  return graph.input('key', [2], 'int32');
}
