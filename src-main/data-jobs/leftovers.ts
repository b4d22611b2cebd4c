import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { dataFolders } from '../engine/data/data-folders.ts';
import { TEMPORARY_SUFFIX } from '../engine/train/write-atomically.ts';
import { isProcessAlive } from '../runs/process-alive.ts';

/** `NAME.PID-NUMBER.tmp` */
const OWNED = /\.(\d+)-\d+\.tmp$/;
/** Where the name says no process, work is taken to touch its files every few seconds. */
const STALE_MS = 60_000;

/**
 * Deletes what killed programs left half-made or half-deleted; what a living one is at work on is left alone. What can't be
 * deleted is left for the next time.
 */
export async function removeLeftovers(dataDirectory: string, nowMs: number): Promise<void> {
  const { tokenizers, corpora, superglue } = dataFolders(dataDirectory);
  for (const parent of [tokenizers, corpora, superglue]) {
    for (const name of await readdir(parent).catch(() => [])) {
      if (!name.endsWith(TEMPORARY_SUFFIX)) continue;
      const folder = join(parent, name);
      const pid = OWNED.exec(name)?.[1];
      const isAtWork =
        pid === undefined ? nowMs - (await lastTouchedMs(folder)) < STALE_MS : isProcessAlive(Number(pid));
      if (!isAtWork) await remove(folder);
    }
  }
}

/** Deletes what a process that is gone had of a folder it was to make. */
export async function removeHalfMade(folder: string, pid: number | undefined): Promise<void> {
  const parent = dirname(folder);
  const start = `${basename(folder)}.${pid ?? ''}-`;
  for (const name of await readdir(parent).catch(() => [])) {
    const isIts = name === `${basename(folder)}${TEMPORARY_SUFFIX}` || (name.startsWith(start) && OWNED.test(name));
    if (isIts) await remove(join(parent, name));
  }
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

async function lastTouchedMs(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const times = ['', ...names].map(async (name) => {
    const found = await stat(join(folder, name)).catch(() => undefined);
    return found?.mtimeMs ?? 0;
  });
  return Math.max(...(await Promise.all(times)));
}
