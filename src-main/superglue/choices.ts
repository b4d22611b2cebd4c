import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDataName } from '../../src-shared/config/data-name.ts';
import { SAMPLE_NAME } from '../../src-shared/config/presets/text.ts';
import { SUPERGLUE_TASK_NAMES } from '../../src-shared/config/superglue-tasks.ts';
import type { AnswerBody } from '../../src-shared/ipc/contract.ts';
import { dataFolders } from '../engine/data/data-folders.ts';
import { readSuperGlueInfo } from '../engine/data/superglue-set/read-superglue.ts';

type Choices = AnswerBody<'superglue.choices'>;

/** Imported sets and tokenizers by name; what can't be read is left out: the Data page says why. */
export async function readChoices(dataDirectory: string): Promise<Choices> {
  const { superglue, tokenizers } = dataFolders(dataDirectory);
  const sets = (await namesIn(superglue)).flatMap((name) => setOf(join(superglue, name), name));
  const found = await Promise.all((await namesIn(tokenizers)).map((name) => tokenizerOf(join(tokenizers, name), name)));
  return { sets: withSample(sets), tokenizers: found.filter((one) => one !== undefined) };
}

/** The shipped set is put in place when it is first used; it has every task. */
function withSample(sets: Choices['sets']): Choices['sets'] {
  if (sets.some(({ name }) => name === SAMPLE_NAME)) return sets;
  const tasks = SUPERGLUE_TASK_NAMES.map((task) => ({ task, train: null, validation: null }));
  return [...sets, { name: SAMPLE_NAME, tasks }];
}

function setOf(folder: string, name: string): Choices['sets'] {
  try {
    const { tasks } = readSuperGlueInfo(folder);
    const usable = SUPERGLUE_TASK_NAMES.flatMap((task) => {
      const [train, validation] = [tasks[task]?.splits.train?.examples, tasks[task]?.splits.val?.examples];
      return train && validation ? [{ task, train, validation }] : [];
    });
    return [{ name, tasks: usable }];
  } catch {
    return [];
  }
}

async function tokenizerOf(folder: string, name: string): Promise<Choices['tokenizers'][number] | undefined> {
  try {
    const vocabulary = JSON.parse(await readFile(join(folder, 'vocab.json'), 'utf8')) as object;
    return { name, entries: Object.keys(vocabulary).length };
  } catch {
    return undefined;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => isDataName(name) && !name.endsWith('.tmp')).sort();
}
