import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/app-error.ts';
import { syncFolder, systemCode, TEMPORARY_SUFFIX, writeError } from '../train/write-atomically.ts';

let made = 0;

/**
 * Makes a folder all or nothing: `fill` writes into a temporary one beside it, which then gets the name. The temporary
 * name holds the process's number: two processes that make the same folder write to different ones, and what a killed
 * process left is known and cleared away.
 * @param noun what the folder is, for messages
 * @throws AppError registry/conflict where the folder is there; file/io; what `fill` throws
 */
export async function makeFolder<T>(folder: string, noun: string, fill: (temporary: string) => Promise<T>): Promise<T> {
  if ((await stat(folder).catch(() => undefined)) !== undefined) throw conflict(folder, noun);
  const temporary = `${folder}.${process.pid}-${made++}${TEMPORARY_SUFFIX}`;
  try {
    await mkdir(dirname(folder), { recursive: true }).catch((error: unknown) => {
      throw writeError(dirname(folder), error);
    });
    await removeLeftBehind(folder);
    await mkdir(temporary);
    const result = await fill(temporary);
    await syncFolder(temporary);
    await rename(temporary, folder);
    await syncFolder(dirname(folder));
    return result;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw ['ENOTEMPTY', 'EEXIST'].includes(systemCode(error))
      ? conflict(folder, noun, error)
      : writeError(folder, error);
  } finally {
    // gone already where it got its name; why it can't be deleted has been the reason of the error
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}

function conflict(folder: string, noun: string, cause?: unknown): AppError {
  const message = `There already is a ${noun} ${basename(folder)}; choose another name or delete it first.`;
  return new AppError('registry/conflict', message, { folder }, cause);
}

/** Clears away the temporary folders of `folder` whose processes are gone. */
async function removeLeftBehind(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    const start = `${basename(folder)}.`;
    if (!name.startsWith(start) || !name.endsWith(TEMPORARY_SUFFIX)) continue;
    const [, pid] = /^(\d+)-\d+$/.exec(name.slice(start.length, -TEMPORARY_SUFFIX.length)) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // there, but another user's
    return systemCode(error) === 'EPERM';
  }
}
