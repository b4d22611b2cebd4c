import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { AppError } from '../../../src-shared/app-error.ts';

/** Ends the names of files that are being written; what a crash leaves behind carries it. */
export const TEMPORARY_SUFFIX = '.tmp';

/** Written at a time, so that hashing and writing take turns over large tensors. */
const CHUNK_BYTES = 16 * 1024 * 1024;

export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** The operating system's word for what went wrong ("ENOENT", "ENOSPC"); "" where there is none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Why writing failed and what to do, as one error. */
export function writeError(path: string, error: unknown): AppError {
  const code = systemCode(error);
  const remedy =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'The disk is full: free some space.'
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'The folder may not be written: check its rights, or name another --home.'
        : 'Check the disk.';
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('file/io', `Cannot write ${path}: ${reason}. ${remedy}`, { path, systemCode: code }, error);
}

/** Makes the names in a folder durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder, with those around it that are missing, and waits until their names are on the disk. @throws AppError file/io */
export async function makeDurably(folder: string): Promise<void> {
  try {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    const outer = dirname(resolve(first));
    const made = relative(outer, resolve(folder)).split(sep);
    for (let depth = 0; depth < made.length; depth++) await syncFolder(resolve(outer, ...made.slice(0, depth)));
  } catch (error) {
    throw writeError(folder, error);
  }
}

/**
 * Writes parts one after another under a temporary name in `temporaryPath`, hashing them, and waits until they are on
 * the disk. The file has its final name only once it is renamed.
 * @throws AppError file/io; nothing is left behind
 */
export async function writeDurably(temporaryPath: string, parts: readonly Uint8Array[]): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const handle = await open(temporaryPath, 'w');
    try {
      for (const part of parts) {
        for (let at = 0; at < part.length;) {
          const chunk = part.subarray(at, at + CHUNK_BYTES);
          const { bytesWritten } = await handle.write(chunk);
          hash.update(chunk.subarray(0, bytesWritten));
          at += bytesWritten;
          bytes += bytesWritten;
        }
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(temporaryPath, { recursive: true, force: true });
    throw writeError(temporaryPath, error);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Gives a durable temporary file its final name in one step, replacing what had it. @throws AppError file/io */
export async function renameDurably(temporaryPath: string, path: string): Promise<void> {
  try {
    await rename(temporaryPath, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw writeError(path, error);
  }
}
