import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../src-shared/app-error.ts';
import type { RecordRow } from '../tasks/superglue/record.ts';
import type { TextExample } from '../tasks/superglue/text-example.ts';
import { parseRow } from './parse-row.ts';
import { rowLines } from './row-lines.ts';
import { findSetTask, type SetTask } from './set-tasks.ts';
import { splitFile, SUPERGLUE_INFO, SuperGlueInfo, type DiskSplit, type SplitInfo } from './superglue-files.ts';

/** Splits as the code names them. */
export type SetSplit = 'train' | 'validation' | 'test';

/** @throws AppError file/not-found, file/invalid */
export function readSuperGlueInfo(folder: string): SuperGlueInfo {
  const file = join(folder, SUPERGLUE_INFO);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('file/not-found', `${folder} holds no imported SuperGLUE set.`, { folder }, error);
  }
  try {
    return SuperGlueInfo.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new AppError('file/invalid', `${file} is damaged: ${reason}. Import the set again.`, { file }, error);
  }
}

/** A split of a set: its task, its file, and what was noted of it. */
export interface FoundSplit {
  readonly task: SetTask;
  readonly file: string;
  readonly info: SplitInfo;
}

/** @throws AppError file/not-found with the splits that are there, file/invalid */
export function findSplit(folder: string, taskName: string, split: SetSplit): FoundSplit {
  const info = readSuperGlueInfo(folder);
  const onDisk: DiskSplit = split === 'validation' ? 'val' : split;
  const task = findSetTask(taskName);
  const splits = info.tasks[taskName]?.splits;
  const found = splits?.[onDisk];
  if (task !== undefined && found !== undefined) {
    const file = join(folder, taskName, splitFile(onDisk));
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === found.bytes) return { task, file, info: found };
    throw new AppError(
      'file/invalid',
      `${file} was ${size === undefined ? 'removed' : 'changed'} after its import. Import the set again.`,
      { file, expected: found.bytes, got: size },
    );
  }
  const there =
    splits === undefined ? Object.keys(info.tasks) : Object.keys(splits).map((name) => `${taskName} ${name}`);
  throw new AppError(
    'file/not-found',
    `The SuperGLUE set '${info.name}' has no ${onDisk} split of ${taskName}; it has ${there.join(', ')}. ` +
      'Import a set that has it.',
    { folder, task: taskName, split },
  );
}

/** What one row of a split holds. */
export type RowExamples =
  | { readonly kind: 'pair'; readonly examples: readonly TextExample[] }
  | { readonly kind: 'record'; readonly row: RecordRow };

/**
 * A split's rows in order, read as they are asked for.
 * @param from the byte at which to begin: where a row begins
 * @throws AppError file/not-found, file/io, file/invalid
 */
export async function* readRows({ task, file }: FoundSplit, from = 0): AsyncGenerator<RowExamples> {
  const chunks = createReadStream(file, { start: from, highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>;
  try {
    for await (const { text, number } of rowLines(chunks, file)) {
      if (text.trim() === '') continue;
      const row = parseRow(task, text, { name: file, line: from === 0 ? number : undefined });
      if (task.pair === undefined) yield { kind: 'record', row: row as RecordRow };
      else yield { kind: 'pair', examples: task.pair.examples(row) };
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('file/io', `Cannot read ${file}: ${reason}. Import the set again.`, { file }, error);
  }
}
