import { stat } from 'node:fs/promises';
import { AppError } from '../../../src-shared/app-error.ts';
import { readHuggingFaceFile, saveTokenizer } from './tokenizer-files.ts';
import { Tokenizer } from './tokenizer.ts';

export interface TokenizerImport {
  /** A folder with vocab.json and merges.txt, or a tokenizer.json. */
  readonly source: string;
  /** The tokenizer's folder; must not be there yet. */
  readonly folder: string;
  readonly nowMs: number;
}

/**
 * Takes a tokenizer in, all or nothing.
 * @returns how many entries it has
 * @throws AppError file/not-found, file/invalid, registry/conflict where the folder is there
 */
export async function importTokenizer({ source, folder, nowMs }: TokenizerImport): Promise<number> {
  const found = await stat(source).catch(() => undefined);
  if (found === undefined) throw new AppError('file/not-found', `There is no file or folder ${source}.`, { source });
  const parts = found.isDirectory() ? (await Tokenizer.load(source)).parts : await readHuggingFaceFile(source);
  await saveTokenizer(folder, parts, { made: 'imported', atMs: nowMs, sources: [source] });
  return Object.keys(parts.vocabulary).length;
}
