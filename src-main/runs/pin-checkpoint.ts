import { existsSync, linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

const Header = z.object({ tensors: z.object({ file: z.string().regex(/^[\w.-]+$/) }) });

/**
 * Gives the checkpoint that a run begins with a second name in the run's own folder: the run it comes from may write
 * on, be deleted or purged before this one starts, or starts over. Takes no space (hard links); where the file system
 * has none, the checkpoint stays where it is.
 */
export function pinCheckpoint(file: string, folder: string): void {
  try {
    const { tensors } = Header.parse(JSON.parse(readFileSync(file, 'utf8')));
    mkdirSync(folder, { recursive: true });
    linkSync(join(dirname(file), tensors.file), join(folder, tensors.file));
    linkSync(file, join(folder, basename(file)));
  } catch {
    // No links here, or the file is gone or unreadable: the engine will say so when it reads it.
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pinned checkpoint, or the original where it could not be pinned. */
export function pinnedCheckpoint(file: string, folder: string): string {
  const pinned = join(folder, basename(file));
  return existsSync(pinned) ? pinned : file;
}
