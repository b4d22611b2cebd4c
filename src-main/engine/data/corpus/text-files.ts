import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';

export interface TextFiles {
  /** In the order of their names. */
  readonly files: readonly string[];
  readonly bytes: number;
}

const TEXT_FILE = /\.(jsonl|ndjson|txt|raw|text|tokens|md)$/i;

/**
 * The text files that a path means: itself, or those of a folder and its folders.
 * @throws AppError file/not-found where there are none
 */
export async function textFilesOf(path: string): Promise<TextFiles> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new AppError('file/not-found', `There is no file or folder ${path}.`, { path });
  if (!found.isDirectory()) return { files: [path], bytes: found.size };
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && TEXT_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) {
    throw new AppError(
      'file/not-found',
      `${path} holds no text files; expected names that end in .txt, .raw, .jsonl, .ndjson, .tokens, .text or .md.`,
      { path },
    );
  }
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return { files, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
