import { z } from 'zod';
import { DATA_NAME_RANGE, isDataName } from './data-name.ts';
import { field } from './field.ts';
import { isTaskSelection } from './superglue-tasks.ts';

/** Entries of the Two Moons tokenizer, special tokens included. */
export const TWO_MOONS_VOCABULARY = 407;
/** [CLS] before and [SEP] after a single text. */
export const SPECIAL_TOKENS_OF_ONE_TEXT = 2;
/** [CLS], and [SEP] after each text of a pair. */
export const SPECIAL_TOKENS_OF_A_PAIR = 3;

/** Two Moons: unlabeled texts of points and labeled single points. */
export const twoMoonsFields = {
  unlabeledTexts: field(z.int().min(1).max(1_000_000), 32_000, {
    unit: 'texts',
    help: 'Unlabeled training texts that are generated.',
  }),
  pointsPerText: field(z.int().min(1).max(4095), 16, {
    unit: 'points',
    help: 'Points in one unlabeled text; each point is two tokens.',
  }),
  labels: field(z.int().min(2).max(100_000), 10, {
    unit: 'examples',
    help: 'Labeled points of the training split, and as many of the validation split; the report: 10 to 160.',
  }),
  noise: field(z.number().min(0).max(10), 0.1, {
    unit: '',
    help: 'Standard deviation of the noise added to the points of the two half circles.',
  }),
  dataSeed: field(z.int().min(0), 0, {
    unit: '',
    help: 'Seed of the generated data, apart from the seed of training so that seeds compare on equal data.',
  }),
  windowStride: field(z.int().min(0), 0, {
    unit: 'tokens',
    help: 'Tokens that neighbouring windows of a long labeled example share; less than the room for text.',
  }),
};

export const randomTextFields = {
  length: field(z.int().min(3).max(8192), 128, { unit: 'tokens', help: 'Tokens of each text of random ids.' }),
};

const dataName = z.string().refine(isDataName, `expected ${DATA_NAME_RANGE}`);
const optionalDataName = z.string().refine((name) => name === '' || isDataName(name), `expected ${DATA_NAME_RANGE}`);

/** Imported text: a corpus for pretraining, SuperGLUE for labels, by the names under which they were imported. */
export const textFields = {
  tokenizer: field(dataName, 'wikipedia', {
    unit: 'name',
    range: DATA_NAME_RANGE,
    help: 'Tokenizer, by the name it was trained or imported with; the corpus must have been imported with it.',
  }),
  corpus: field(optionalDataName, 'wikipedia', {
    unit: 'name',
    range: `${DATA_NAME_RANGE}; empty for none`,
    help: 'Corpus of unlabeled text, by the name of its import; fine-tuning reads none.',
  }),
  superglue: field(optionalDataName, 'superglue', {
    unit: 'name',
    range: `${DATA_NAME_RANGE}; empty for none`,
    help: 'SuperGLUE set that labeled examples are from, by the name of its import.',
  }),
  tasks: field(z.string().refine(isTaskSelection, 'expected all, or SuperGLUE tasks with commas between them'), 'all', {
    unit: 'tasks',
    range: 'all, or tasks with commas between: BoolQ,CB,COPA,MultiRC,ReCoRD,RTE,WiC,WSC',
    help: 'Labeled tasks, all of the set or those named here; fine-tuning names one.',
  }),
  // Not stated in the report. Where both texts of a pair are cut, each has 62 tokens of a window of 128.
  windowStride: field(z.int().min(0), 60, {
    unit: 'tokens',
    help: 'Tokens that neighbouring windows of a long labeled example share; less than half of the room for a pair.',
  }),
  heldOutArticles: field(z.int().min(1).max(1_000_000), 1000, {
    unit: 'articles',
    help: 'Articles of the corpus kept for validation, at most half of them.',
  }),
  dataSeed: field(z.int().min(0), 0, {
    unit: '',
    help: 'Seed that chooses the held-out articles, apart from the seed of training so that seeds compare on equal data.',
  }),
};
