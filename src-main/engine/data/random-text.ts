import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { CLS0_ID, FIRST_ORDINARY_ID, SEP_ID, taskTokenId } from './special-tokens.ts';
import { encodeTaskRow } from './tasks/task.ts';
import type { ClassificationTask, TaskExample } from './tasks/task.ts';
import { uniformDraws } from './training-data.ts';
import type { TrainingData, UnlabeledTexts } from './training-data.ts';

const TRAIN_TEXTS = 100_000;
const VALIDATION_TEXTS = 64;
const LABELED_EXAMPLES = 256;

const RANDOM_LABELS: ClassificationTask<number> = {
  name: 'Random',
  taskToken: taskTokenId(2),
  labels: [
    { label: 0, token: SEP_ID },
    { label: 1, token: taskTokenId(2) },
  ],
};

/**
 * Rows of uniformly random ordinary tokens, all of full length, made when they are read: the sizes of text without text,
 * for measuring speed. There is nothing to learn in them.
 */
export function randomTextData(config: RunConfig, length: number): TrainingData {
  const { vocabularySize } = config.model;
  const generator = new RandomGenerator(config.seed, 'randomText');
  const fill = (row: Int32Array, index: number): Int32Array => {
    generator.restart(config.seed, 'randomText', index);
    for (let i = 1; i < length - 1; i++) {
      row[i] = FIRST_ORDINARY_ID + generator.integer(vocabularySize - FIRST_ORDINARY_ID);
    }
    row[0] = CLS0_ID;
    row[length - 1] = SEP_ID;
    return row;
  };
  const texts = (firstIndex: number, count: number): UnlabeledTexts => {
    const row = new Int32Array(length);
    return { count, length, mayPad: false, read: (index) => fill(row, firstIndex + index), ...uniformDraws(count) };
  };
  const labeledFrom = TRAIN_TEXTS + VALIDATION_TEXTS;
  const labeled = (firstIndex: number): TaskExample[] =>
    Array.from({ length: LABELED_EXAMPLES }, (_, idx) => {
      const row = fill(new Int32Array(length), firstIndex + idx);
      const label = generator.integer(2);
      return { idx, label, rows: [encodeTaskRow(RANDOM_LABELS, row, label)] };
    });
  return {
    unlabeledTrain: texts(0, TRAIN_TEXTS),
    unlabeledValidation: texts(TRAIN_TEXTS, VALIDATION_TEXTS),
    tasks: [
      {
        task: RANDOM_LABELS,
        train: labeled(labeledFrom),
        validation: labeled(labeledFrom + LABELED_EXAMPLES),
        test: labeled(labeledFrom + 2 * LABELED_EXAMPLES),
      },
    ],
    decode: (ids) => ids.join(' '),
  };
}
