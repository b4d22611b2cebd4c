import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import type { FolderView } from '../../src-shared/ipc/contract/data.ts';

/** Entries that are shown of one folder. */
const MOST = 1000;

/** What lies in a folder of the host; the person's own where none is named. @throws AppError file/not-found, file/io */
export async function listFolder(path = homedir()): Promise<FolderView> {
  const folder = resolve(path);
  let found;
  try {
    found = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'EACCES' || code === 'EPERM' ? 'it may not be read' : code === 'ENOTDIR' ? 'it is a file' : '';
    throw why === ''
      ? new AppError('file/not-found', `There is no folder ${folder} on the host.`, { path: folder }, error)
      : new AppError('file/io', `The folder ${folder} can’t be shown: ${why}.`, { path: folder }, error);
  }
  const seen = found.filter(({ name }) => !name.startsWith('.'));
  const entries = await Promise.all(
    seen.slice(0, MOST).map(async ({ name }) => {
      const entry = join(folder, name);
      // Follows links; one that leads nowhere is neither.
      const target = await stat(entry).catch(() => undefined);
      const isFolder = target?.isDirectory() === true;
      return { name, path: entry, isFolder, bytes: isFolder ? null : (target?.size ?? 0) };
    }),
  );
  entries.sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || a.name.localeCompare(b.name));
  const parent = dirname(folder);
  return { path: folder, parent: parent === folder ? null : parent, entries, more: seen.length - entries.length };
}
