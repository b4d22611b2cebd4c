import { readFile } from 'node:fs/promises';
import { z } from 'zod';
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

const Line = z.strictObject({ idx: z.int(), label: z.union([z.string(), z.number(), z.boolean()]) });
type Line = z.infer<typeof Line>;

/** As much of a row of MultiRC as says where an answer belongs. */
const Passage = z.object({
  idx: z.int(),
  passage: z.object({
    questions: z.array(z.object({ idx: z.int(), answers: z.array(z.object({ idx: z.int() })) })),
  }),
});

/**
 * The leaderboard's files as far as they are predicted, in the forms of the benchmark's own toolkit: booleans as words
 * ("true"; WSC "True"), MultiRC's answers inside their questions and passages.
 * @param multiRcFile rows of MultiRC's test split; asked for only where they are needed
 * @throws AppError file/invalid, file/not-found
 */
export async function submissionOf(
  home: string,
  { tasks, diagnostics }: PipelineState,
  multiRcFile: () => string,
): Promise<Submission> {
  const entries: (ZipText & { lines: number })[] = [];
  const add = async (name: string, prediction: PredictionState): Promise<void> => {
    if (prediction.state !== 'done' || prediction.of === undefined) return;
    const lines = await readLines(predictionFiles(home, prediction.of.run.runId, prediction.name).lines);
    const rows: unknown[] =
      name === 'MultiRC'
        ? nested(lines, await readFile(multiRcFile(), 'utf8'))
        : lines.map(({ idx, label }) => ({ idx, label: officialLabel(name, label) }));
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    entries.push({ name: `${name}.jsonl`, text, lines: rows.length });
  };
  for (const { task, test } of tasks) await add(task, test);
  for (const prediction of diagnostics) await add(prediction.name, prediction);
  const names = entries.map(({ name }) => name);
  return { entries, missing: WANTED.filter((name) => !names.includes(name)) };
}

function officialLabel(name: string, label: Line['label']): string | number {
  if (typeof label !== 'boolean') return label;
  const word = String(label);
  return name === 'WSC' ? `${word.charAt(0).toUpperCase()}${word.slice(1)}` : word;
}

function nested(lines: readonly Line[], rows: string): unknown[] {
  const labels = new Map(lines.map(({ idx, label }) => [idx, Number(label)]));
  return rows
    .split('\n')
    .filter((row) => row.trim() !== '')
    .map((row) => {
      const { idx, passage } = Passage.parse(JSON.parse(row));
      const questions = passage.questions.map((question) => ({
        idx: question.idx,
        answers: question.answers.map((answer) => {
          const label = labels.get(answer.idx);
          if (label !== undefined) return { idx: answer.idx, label };
          throw new AppError(
            'file/invalid',
            `Answer ${answer.idx} of MultiRC was not predicted: the imported set has changed since. Resume the group to predict again.`,
            { idx: answer.idx },
          );
        }),
      }));
      return { idx, passage: { questions } };
    });
}

async function readLines(file: string): Promise<Line[]> {
  try {
    const text = await readFile(file, 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => Line.parse(JSON.parse(line)));
  } catch (error) {
    throw new AppError('file/invalid', `${file} can't be read; delete it and resume the group.`, { file }, error);
  }
}
