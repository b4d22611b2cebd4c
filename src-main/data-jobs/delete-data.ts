import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import type { DataKind } from '../../src-shared/ipc/contract/data.ts';
import { STATUS_TABLE } from '../../src-shared/run/run-status.ts';
import { dataFolders } from '../engine/data/data-folders.ts';
import { TEMPORARY_SUFFIX } from '../engine/train/write-atomically.ts';
import { dataUsers } from '../registry/data-use.ts';
import type { Registry } from '../registry/open-registry.ts';
import { folderBytes } from '../runs/disk-use.ts';
import { FOLDER_OF_KIND } from './check-wish.ts';

/**
 * Deletes a set: out of sight in one step, then from the disk, so that nothing ever finds half of it.
 * @returns bytes that are free again
 * @throws AppError run/invalid-state while a run that reads it waits or works; file/not-found, file/io
 */
export async function deleteData(
  db: Registry,
  dataDirectory: string,
  kind: DataKind,
  name: string,
): Promise<{ freedBytes: number }> {
  const users = (dataUsers(db, kind).get(name) ?? []).filter(({ status }) => !STATUS_TABLE[status].isEnd);
  const [first] = users;
  if (first !== undefined) {
    const others = users.length === 1 ? '' : ` and ${users.length - 1} more`;
    throw new AppError(
      'run/invalid-state',
      `'${name}' is read by ${first.name} (${STATUS_TABLE[first.status].label.toLowerCase()})${others}; ` +
        'wait until that has ended, or stop it.',
      { runIds: users.map(({ runId }) => runId) },
    );
  }
  const parent = dataFolders(dataDirectory)[FOLDER_OF_KIND[kind]];
  // A damaged set may have a name that no import would give it, but never one that leads elsewhere.
  if (name !== basename(name) || name.startsWith('.')) {
    throw new AppError('input/invalid', `'${name}' is no name of a set.`, { name });
  }
  const folder = join(parent, name);
  const gone = `${folder}.deleted${TEMPORARY_SUFFIX}`;
  const bytes = await folderBytes(folder);
  await rm(gone, { recursive: true, force: true });
  await rename(folder, gone).catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw isMissing
      ? new AppError('file/not-found', `There is no ${folder} any more.`, { folder }, error)
      : new AppError('file/io', `${folder} can’t be deleted: ${String(error)}`, { folder }, error);
  });
  await rm(gone, { recursive: true, force: true });
  return { freedBytes: bytes };
}
