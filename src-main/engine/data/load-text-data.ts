import { stat } from 'node:fs/promises';
import { AppError } from '../../../src-shared/app-error.ts';
import { SAMPLE_NAME } from '../../../src-shared/config/presets/text.ts';
import type { DataConfig, RunConfig } from '../../../src-shared/config/run-config.ts';
import { selectedTasks, type SuperGlueTaskName } from '../../../src-shared/config/superglue-tasks.ts';
import { tokenizerDigest } from './corpus/import-corpus.ts';
import { openCorpus, type CorpusWindows } from './corpus/open-corpus.ts';
import { dataFolder, dataFolders, notImported, type DataFolder } from './data-folders.ts';
import { ensureSample } from './ensure-sample.ts';
import { PAD_ID } from './special-tokens.ts';
import { loadTaskExamples } from './superglue-set/load-task.ts';
import { readSuperGlueInfo } from './superglue-set/read-superglue.ts';
import { superGlueTask } from './tasks/superglue/tasks.ts';
import { Tokenizer } from './tokenizer.ts';
import { uniformDraws, type LabeledData, type TrainingData, type UnlabeledTexts } from './training-data.ts';

type TextConfig = Extract<DataConfig, { kind: 'text' }>;

/** Reads a corpus and SuperGLUE tasks by the names under which they were imported; the shipped sample is imported at its first use. */
export async function loadTextData(config: RunConfig, data: TextConfig, dataDirectory: string): Promise<TrainingData> {
  if ([data.tokenizer, data.corpus, data.superglue].includes(SAMPLE_NAME)) await ensureSample(dataDirectory);
  const tokenizer = await Tokenizer.load(await importedFolder(dataDirectory, 'tokenizers', data.tokenizer));
  if (tokenizer.size > config.model.vocabularySize) {
    throw new AppError(
      'config/invalid',
      `model.vocabularySize is ${config.model.vocabularySize}, but the tokenizer '${data.tokenizer}' has ${tokenizer.size} ` +
        'entries; the model needs at least as many.',
      { path: 'model.vocabularySize' },
    );
  }
  const length = config.model.maxPositions;
  const [unlabeledTrain, unlabeledValidation] =
    config.objective === 'finetune'
      ? [noTexts(length), noTexts(length)]
      : await readCorpus(data, dataDirectory, tokenizer, length);
  return {
    unlabeledTrain,
    unlabeledValidation,
    tasks: readsLabels(config) ? await readTasks(config, data, dataDirectory, tokenizer) : [],
    // A model may have more entries than its tokenizer, and an untrained one names them.
    decode: (ids) => tokenizer.decode(ids.filter((id) => id !== PAD_ID && id < tokenizer.size)),
  };
}

/** MLM reads labeled examples only to measure the feedback h. */
function readsLabels({ objective, training }: RunConfig): boolean {
  return objective !== 'mlm' || training.feedbackEveryExamples > 0;
}

/** @throws AppError file/not-found */
async function importedFolder(dataDirectory: string, kind: DataFolder, name: string): Promise<string> {
  const folder = dataFolder(dataDirectory, kind, name);
  await stat(folder).catch((error: unknown) => {
    throw notImported(kind, name, dataFolders(dataDirectory)[kind], error);
  });
  return folder;
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
