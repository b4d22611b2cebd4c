import { readFile } from 'node:fs/promises';
import { AppError } from '../../src-shared/app-error.ts';
import { DIAGNOSTIC_NAMES, SUPERGLUE_TASK_NAMES } from '../../src-shared/config/superglue-tasks.ts';
import type { ZipText } from '../engine/data/zip/write-zip.ts';
import type { PipelineState, PredictionState } from './pipeline-state.ts';
import { predictionFiles } from './prediction-files.ts';

/** Files that the leaderboard wants, in its order. */
const WANTED = [...SUPERGLUE_TASK_NAMES, ...DIAGNOSTIC_NAMES].map((name) => `${name}.jsonl`);

export interface Submission {
  readonly entries: readonly (ZipText & { readonly lines: number })[];
  /** Files that are not predicted. */
  readonly missing: readonly string[];
}

/**
 * The leaderboard's files as far as they are predicted; the engine has written their lines in the benchmark's forms.
 * @throws AppError file/invalid where a file is not whole any more
 */
export async function submissionOf(home: string, { tasks, diagnostics }: PipelineState): Promise<Submission> {
  const predictions: [name: string, prediction: PredictionState][] = [
    ...tasks.map(({ task, test }): [string, PredictionState] => [task, test]),
    ...diagnostics.map((prediction): [string, PredictionState] => [prediction.name, prediction]),
  ];
  const entries: (ZipText & { lines: number })[] = [];
  for (const [name, { state, of, stored, name: which }] of predictions) {
    if (state !== 'done' || of === undefined || stored === undefined) continue;
    const text = await readLines(predictionFiles(home, of.run.runId, which).lines, stored.lines);
    entries.push({ name: `${name}.jsonl`, text, lines: stored.lines });
  }
  const names = entries.map(({ name }) => name);
  return { entries, missing: WANTED.filter((name) => !names.includes(name)) };
}

async function readLines(file: string, lines: number): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw damaged(file, 'it is gone', error);
  }
  const found = text.split('\n').length - 1;
  if (found !== lines) throw damaged(file, `it has ${found} lines, not ${lines}`);
  return text;
}

function damaged(file: string, problem: string, cause?: unknown): AppError {
  return new AppError(
    'file/invalid',
    `The predictions in ${file} can't be used: ${problem}. Delete the file and resume the group to predict again.`,
    { file },
    cause,
  );
}
