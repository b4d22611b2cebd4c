import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import { systemCode } from '../../train/write-atomically.ts';
import type { SetSplit } from './read-superglue.ts';

/** Files of encoded examples, and what they take on the disk. */
export interface CacheSize {
  readonly files: number;
  readonly bytes: number;
}

/** Of what was encoded: whole (`CB-train-0123456789abcdef.bin`), or being written (`....bin.UUID.tmp`). */
const CACHED = /^[\w-]+-(?:train|validation|test)-[\da-f]{16}\.bin(?:\.[\da-f-]{36}\.tmp)?$/;

/** @param key hexadecimal digits, 16 of which the name keeps */
export function cacheFileName(task: string, split: SetSplit, key: string): string {
  return `${task}-${split}-${key.slice(0, 16)}.bin`;
}

/** What encoded examples take; nothing where there is no folder. What else lies there is not counted. @throws AppError file/io */
export async function cacheSize(folder: string): Promise<CacheSize> {
  return sizeOf(await cachedFiles(folder));
}

/**
 * Removes encoded examples, and nothing else: no other files, no links and nothing behind them. Whoever reads or writes
 * one of them at that moment keeps what it has; whoever wants one later makes it again.
 * @returns what was removed
 * @throws AppError file/io where one can't be removed; those before it are gone
 */
export async function clearCache(folder: string): Promise<CacheSize> {
  const removed: CachedFile[] = [];
  for (const file of await cachedFiles(folder)) {
    try {
      await unlink(file.path);
      removed.push(file);
    } catch (error) {
      // Somebody else was faster, or it has its final name by now.
      if (systemCode(error) === 'ENOENT') continue;
      throw new AppError(
        'file/io',
        `Cannot remove ${file.path}: ${String(error)}. Check the rights of its folder.`,
        { path: file.path },
        error,
      );
    }
  }
  return sizeOf(removed);
}

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
}

async function cachedFiles(folder: string): Promise<CachedFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    // No folder, or a file in its place: then nothing is kept.
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return [];
    throw new AppError(
      'file/io',
      `Cannot read ${folder}: ${String(error)}. Check its rights.`,
      { path: folder },
      error,
    );
  });
  const ours = entries.filter((entry) => entry.isFile() && CACHED.test(entry.name));
  const files = ours.map(async ({ name }): Promise<CachedFile[]> => {
    const path = join(folder, name);
    // Undefined where it vanished meanwhile.
    const found = await lstat(path).catch(() => undefined);
    return found === undefined ? [] : [{ path, bytes: found.size }];
  });
  return (await Promise.all(files)).flat();
}

function sizeOf(files: readonly CachedFile[]): CacheSize {
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}
