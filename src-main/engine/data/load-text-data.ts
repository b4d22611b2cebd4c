import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { selectedTasks, type SuperGlueTaskName } from '../../../src-shared/config/superglue-tasks.ts';
import { tokenizerDigest } from './corpus/import-corpus.ts';
import { openCorpus, type CorpusWindows } from './corpus/open-corpus.ts';
import { decodeIds, importedFolder, loadRunTokenizer, type TextConfig } from './run-tokenizer.ts';
import { loadTaskExamples } from './superglue-set/load-task.ts';
import { readSuperGlueInfo } from './superglue-set/read-superglue.ts';
import { superGlueTask } from './tasks/superglue/tasks.ts';
import type { Tokenizer } from './tokenizer.ts';
import { uniformDraws, type LabeledData, type TrainingData, type UnlabeledTexts } from './training-data.ts';

/** Reads a corpus and SuperGLUE tasks by the names under which they were imported. */
export async function loadTextData(config: RunConfig, data: TextConfig, dataDirectory: string): Promise<TrainingData> {
  const tokenizer = await loadRunTokenizer(config, data, dataDirectory);
  const length = config.model.maxPositions;
  const [unlabeledTrain, unlabeledValidation] =
    config.objective === 'finetune'
      ? [noTexts(length), noTexts(length)]
      : await readCorpus(data, dataDirectory, tokenizer, length);
  return {
    unlabeledTrain,
    unlabeledValidation,
    tasks: readsLabels(config) ? await readTasks(config, data, dataDirectory, tokenizer) : [],
    decode: (ids) => decodeIds(tokenizer, ids),
  };
}

/** MLM reads labeled examples only to measure the feedback h. */
function readsLabels({ objective, training }: RunConfig): boolean {
  return objective !== 'mlm' || training.feedbackEveryExamples > 0;
}

async function readCorpus(
  { corpus, heldOutArticles, dataSeed }: TextConfig,
  dataDirectory: string,
  tokenizer: Tokenizer,
  length: number,
): Promise<[train: UnlabeledTexts, validation: UnlabeledTexts]> {
  const folder = await importedFolder(dataDirectory, 'corpora', corpus);
  const { train, validation } = openCorpus(folder, {
    length,
    heldOut: heldOutArticles,
    seed: dataSeed,
    tokenizer: tokenizerDigest(tokenizer),
  });
  if (train.count === 0 || validation.count === 0) {
    throw new AppError(
      'input/invalid',
      `The corpus '${corpus}' has ${train.count} windows for training and ${validation.count} held out; both are needed. ` +
        'Import a corpus of at least two articles.',
      { corpus },
    );
  }
  return [asTexts(train), asTexts(validation)];
}

/** How often another window is looked for before the same one is taken: a corpus of one window has no other. */
const OTHER_WINDOW_TRIES = 100;

/** Windows, drawn by a uniformly random character of the corpus (section 5). */
function asTexts(windows: CorpusWindows): UnlabeledTexts {
  const draw: UnlabeledTexts['draw'] = (random) => windows.windowAt(Math.floor(random.uniform() * windows.characters));
  return {
    count: windows.count,
    length: windows.length,
    mayPad: true,
    read: (index) => windows.read(index),
    draw,
    drawOther(random, index) {
      for (let tries = 0; tries < OTHER_WINDOW_TRIES; tries++) {
        const other = draw(random);
        if (other !== index) return other;
      }
      return index;
    },
  };
}

function noTexts(length: number): UnlabeledTexts {
  return { count: 0, length, mayPad: false, read: () => new Int32Array(), ...uniformDraws(0) };
}

async function readTasks(
  { objective, model }: RunConfig,
  { superglue, tasks: selection, windowStride }: TextConfig,
  dataDirectory: string,
  tokenizer: Tokenizer,
): Promise<LabeledData[]> {
  const folder = await importedFolder(dataDirectory, 'superglue', superglue);
  const wanted = selectedTasks(selection) ?? [];
  const info = readSuperGlueInfo(folder);
  const missing = wanted.filter((task) => info.tasks[task]?.splits.train === undefined);
  if (missing.length > 0 && (selection !== 'all' || missing.length === wanted.length)) {
    throw new AppError(
      'config/invalid',
      `The SuperGLUE set '${superglue}' has no training split of ${missing.join(', ')}; it has ` +
        `${Object.keys(info.tasks).join(', ')}. Import what is missing, or name other tasks.`,
      { path: 'data.tasks' },
    );
  }
  const load = (task: SuperGlueTaskName, split: 'train' | 'validation' | 'test'): Promise<LabeledData['train']> =>
    loadTaskExamples({
      dataDirectory,
      set: superglue,
      task,
      split,
      tokenizer,
      maxLength: model.maxPositions,
      stride: windowStride,
    });
  const isFineTuned = objective === 'finetune';
  const loaded: LabeledData[] = [];
  for (const task of wanted.filter((one) => !missing.includes(one))) {
    loaded.push({
      task: superGlueTask(task),
      train: await load(task, 'train'),
      // pretraining is validated on text
      validation: isFineTuned ? await load(task, 'validation') : [],
      test: isFineTuned && info.tasks[task]?.splits.test !== undefined ? await load(task, 'test') : [],
    });
  }
  return loaded;
}
