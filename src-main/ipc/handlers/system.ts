import { stat, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { statement } from '../../registry/statements.ts';
import { folderBytes } from '../../runs/disk-use.ts';
import { registryFile, runsDirectory } from '../../runs/run-files.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';

export function readSamples({ sampler }: Host): Handler<'system.samples'> {
  return () => sampler.samples();
}

export function readFolders({ db, home, version }: Host): Handler<'system.folders'> {
  return async () => {
    const file = registryFile(home);
    const sizes = await Promise.all([file, `${file}-wal`].map(sizeOf));
    const { bavail, bsize } = await statfs(home);
    const trashBytes = z
      .number()
      .parse(
        statement(db, 'SELECT coalesce(sum(disk_bytes), 0) FROM runs WHERE trashed_at_ms IS NOT NULL').pluck().get(),
      );
    return {
      home,
      registryBytes: sizes.reduce((sum, size) => sum + size, 0),
      runsBytes: await folderBytes(runsDirectory(home)),
      trashBytes,
      freeBytes: bavail * bsize,
      version,
      hostName: hostname(),
    };
  };
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    // No log beside the registry: it has been folded in.
    return 0;
  }
}
