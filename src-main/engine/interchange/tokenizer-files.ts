import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataConfig } from '../../../src-shared/config/run-config.ts';
import { TWO_MOONS_TOKENIZER_DIRECTORY } from '../data/two-moons-data.ts';
import { TOKENIZER_FILES } from './export-config.ts';

/** The tokenizer's files that a kind of data is read with, byte for byte; undefined where it has no tokenizer. */
export async function tokenizerFiles(data: DataConfig): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  if (data.kind !== 'two-moons') return undefined;
  const files = await Promise.all(
    TOKENIZER_FILES.map(async (name) => [name, await readFile(join(TWO_MOONS_TOKENIZER_DIRECTORY, name))] as const),
  );
  return new Map(files);
}
