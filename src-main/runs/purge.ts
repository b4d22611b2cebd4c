import { rm } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type { Registry } from '../registry/open-registry.ts';
import { deletePointsSlice, deleteRun } from '../registry/delete-run.ts';
import { folderBytes } from './disk-use.ts';
import { runDirectory } from './run-files.ts';

/**
 * Deletes a run's files, then its rows, in slices between which other work gets its turn.
 * @returns bytes of the files that were deleted
 * @throws AppError registry/not-found, run/invalid-state; file errors of the system, with nothing of the registry deleted
 */
export async function purgeRun(db: Registry, home: string, runId: string): Promise<number> {
  const folder = runDirectory(home, runId);
  const bytes = await folderBytes(folder);
  await rm(folder, { recursive: true, force: true });
  while (deletePointsSlice(db, runId)) await turn();
  deleteRun(db, runId);
  return bytes;
}

/** Pages given back at a time; a few milliseconds. */
const SLICE_PAGES = 1000;

/**
 * Gives the registry's free pages back to the file system, a slice at a time. A registry that was made without
 * incremental vacuum is rewritten once, in one go (measured: 7 ms of work per megabyte that is kept).
 * @returns bytes by which the registry shrank
 */
export async function reclaimSpace(db: Registry): Promise<number> {
  const number = (name: string): number => Number(db.pragma(name, { simple: true }));
  const before = number('page_count');
  if (number('freelist_count') > 0 && number('auto_vacuum') === 0) {
    db.pragma('auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
  }
  for (let free = number('freelist_count'); free > 0;) {
    db.pragma(`incremental_vacuum(${SLICE_PAGES})`);
    const left = number('freelist_count');
    if (left >= free) break;
    free = left;
    await turn();
  }
  // The file itself shrinks when the log is folded into it.
  db.pragma('wal_checkpoint(TRUNCATE)');
  return (before - number('page_count')) * number('page_size');
}
