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

/** Gives the registry's free pages back to the file system, a slice at a time. @returns bytes by which its file shrank */
export async function reclaimSpace(db: Registry): Promise<number> {
  const pageBytes = Number(db.pragma('page_size', { simple: true }));
  const pages = (): number => Number(db.pragma('page_count', { simple: true }));
  const before = pages();
  while (Number(db.pragma('freelist_count', { simple: true })) > 0) {
    const left = pages();
    db.pragma('incremental_vacuum(1000)');
    // A registry that was made without incremental vacuum keeps its free pages for later rows.
    if (pages() === left) break;
    await turn();
  }
  // The file itself shrinks when the log is folded into it.
  db.pragma('wal_checkpoint(TRUNCATE)');
  return (before - pages()) * pageBytes;
}
