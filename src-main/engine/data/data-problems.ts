import { existsSync } from 'node:fs';
import { toAppError } from '../../../src-shared/app-error.ts';
import { problem, type ConfigProblem } from '../../../src-shared/config/config-problem.ts';
import { SAMPLE_NAME } from '../../../src-shared/config/presets/text.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { selectedTasks } from '../../../src-shared/config/superglue-tasks.ts';
import { readCorpusInfo } from './corpus/open-corpus.ts';
import { dataFolder, notImported, type DataFolder } from './data-folders.ts';
import { readSuperGlueInfo } from './superglue-set/read-superglue.ts';

/**
 * What of a configuration is not among the imported data: names that are not there, tasks that a set lacks, a vocabulary
 * too small for the corpus. Looks at folders and their descriptions alone, so that a form may ask at every change.
 */
export function dataProblems(config: RunConfig, dataDirectory: string): ConfigProblem[] {
  const { data, objective, model } = config;
  if (data.kind !== 'text') return [];
  const problems: ConfigProblem[] = [];
  const isThere = (kind: DataFolder, path: string, name: string): boolean => {
    // imported at its first use
    if (name === SAMPLE_NAME) return false;
    const folder = dataFolder(dataDirectory, kind, name);
    if (existsSync(folder)) return true;
    problems.push({
      ...problem(path, 'a name that was imported', name),
      message: `${path}: ${notImported(kind, name, folder).message}`,
    });
    return false;
  };
  const attempt = (path: string, look: () => void): void => {
    try {
      look();
    } catch (error) {
      problems.push({ path, expected: 'readable data', message: `${path}: ${toAppError(error).message}` });
    }
  };
  isThere('tokenizers', 'data.tokenizer', data.tokenizer);
  if (objective !== 'finetune' && isThere('corpora', 'data.corpus', data.corpus)) {
    attempt('data.corpus', () => {
      const { vocabularySize } = readCorpusInfo(dataFolder(dataDirectory, 'corpora', data.corpus));
      if (vocabularySize > model.vocabularySize) {
        problems.push(
          problem(
            'model.vocabularySize',
            `at least ${vocabularySize}, the entries of the tokenizer of corpus '${data.corpus}'`,
            model.vocabularySize,
          ),
        );
      }
    });
  }
  if (data.superglue !== '' && isThere('superglue', 'data.superglue', data.superglue)) {
    attempt('data.superglue', () => {
      const { tasks } = readSuperGlueInfo(dataFolder(dataDirectory, 'superglue', data.superglue));
      const missing = (selectedTasks(data.tasks) ?? []).filter((task) => tasks[task]?.splits.train === undefined);
      if (missing.length === 0 || data.tasks.trim() === 'all') return;
      problems.push(
        problem(
          'data.tasks',
          `tasks with a training split in '${data.superglue}'`,
          data.tasks,
          `without: ${missing.join(', ')}`,
        ),
      );
    });
  }
  return problems;
}
