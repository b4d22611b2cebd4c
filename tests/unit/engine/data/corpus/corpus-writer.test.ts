import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CorpusWriter } from '../../../../../src-main/engine/data/corpus/corpus-writer.ts';

it.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'metalmo-writer-'));
  try {
    symlinkSync('/dev/full', join(folder, 'tokens.bin'));
    const writer = await CorpusWriter.open(folder, 2);
    writer.beginArticle();
    writer.add({ ids: Int32Array.of(40), offsets: Int32Array.of(0, 1) }, 1);
    await expect(writer.flush()).rejects.toMatchObject({
      code: 'file/io',
      message: expect.stringMatching(/tokens\.bin: ENOSPC.*The disk is full: free some space/) as string,
    });
    await writer.abandon();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
