import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { RandomSource } from '../random/random-generator.ts';
import { longestRow, type ClassificationTask, type TaskExample } from './tasks/task.ts';

/** Unlabeled texts by index, as ids `[CLS0] … [SEP]`. */
export interface UnlabeledTexts {
  readonly count: number;
  /** Whether some are shorter than `length`. */
  readonly mayPad: boolean;
  /** Row length S; no text is longer. */
  readonly length: number;
  /** The text's ids without padding; valid until the next call. */
  read(index: number): Int32Array;
  /** The index of a text to train on (section 5). */
  draw(random: RandomSource): number;
  /** Likewise, but another one than `index` wherever there are two. */
  drawOther(random: RandomSource, index: number): number;
}

/** Draws of texts that are all equally likely. */
export function uniformDraws(count: number): Pick<UnlabeledTexts, 'draw' | 'drawOther'> {
  return {
    draw: (random) => random.integer(count),
    drawOther(random, index) {
      if (count < 2) return index;
      const other = random.integer(count - 1);
      return other >= index ? other + 1 : other;
    },
  };
}

export interface LabeledData {
  readonly task: ClassificationTask;
  readonly train: readonly TaskExample[];
  readonly validation: readonly TaskExample[];
  readonly test: readonly TaskExample[];
}

/** All that a run reads: unlabeled texts and labeled tasks, encoded. */
export interface TrainingData {
  readonly unlabeledTrain: UnlabeledTexts;
  readonly unlabeledValidation: UnlabeledTexts;
  /** Fine-tuning trains on the first; none where the objective needs no labels. */
  readonly tasks: readonly LabeledData[];
  /** Rows without labels that show what a model has learned, e.g. a grid: [rows, length]; absent where there are none. */
  readonly classMap?: { readonly side: number; readonly examples: readonly TaskExample[] };
  /** Text of some ids; special tokens spelled out, padding and ids that are no token left out. */
  decode(ids: Int32Array): string;
}

/** Static sizes of a run's batches. */
export interface BatchShapes {
  readonly rows: number;
  readonly unlabeledLength: number;
  /**
   * Length of the labeled tasks' examples. A micro-batch in which masked language modeling is drawn as a labeled task has
   * support and query rows of the longer of both lengths, all others of this one.
   */
  readonly labeledLength: number;
  readonly evaluationRows: number;
}

/** Rows of an evaluation call, at least: small calls waste their overhead. About this many tokens at a time. */
const EVALUATION_TOKENS = 2048;

/** The sizes that a configuration's batches have with this data. */
export function batchShapes(config: RunConfig, data: TrainingData): BatchShapes {
  const unlabeledLength = data.unlabeledTrain.length;
  const examples = data.tasks.flatMap(({ train, validation, test }) => [train, validation, test]).flat();
  const longest = examples.reduce((length, example) => Math.max(length, longestRow(example)), 1);
  const evaluationLength = config.objective === 'finetune' ? longest : unlabeledLength;
  return {
    rows: config.training.batchSize,
    unlabeledLength,
    labeledLength: longest,
    evaluationRows: evaluationRowsOf(evaluationLength),
  };
}

/** Rows of an evaluation call of rows of this length. */
export function evaluationRowsOf(length: number): number {
  return Math.max(1, Math.min(256, Math.floor(EVALUATION_TOKENS / length)));
}
