import { stat } from 'node:fs/promises';
import { AppError } from '../../../src-shared/app-error.ts';
import { SAMPLE_NAME } from '../../../src-shared/config/presets/text.ts';
import type { DataConfig, RunConfig } from '../../../src-shared/config/run-config.ts';
import { dataFolder, dataFolders, notImported, type DataFolder } from './data-folders.ts';
import { ensureSample } from './ensure-sample.ts';
import { PAD_ID } from './special-tokens.ts';
import { Tokenizer } from './tokenizer.ts';

export type TextConfig = Extract<DataConfig, { kind: 'text' }>;

/**
 * The tokenizer of a run on imported text. The shipped sample is imported at its first use, all of it.
 * @throws AppError file/not-found, file/invalid, config/invalid where the model has fewer tokens
 */
export async function loadRunTokenizer(
  { model }: RunConfig,
  data: TextConfig,
  dataDirectory: string,
): Promise<Tokenizer> {
  if ([data.tokenizer, data.corpus, data.superglue].includes(SAMPLE_NAME)) await ensureSample(dataDirectory);
  const tokenizer = await Tokenizer.load(await importedFolder(dataDirectory, 'tokenizers', data.tokenizer));
  if (tokenizer.size > model.vocabularySize) {
    throw new AppError(
      'config/invalid',
      `model.vocabularySize is ${model.vocabularySize}, but the tokenizer '${data.tokenizer}' has ${tokenizer.size} ` +
        'entries; the model needs at least as many.',
      { path: 'model.vocabularySize' },
    );
  }
  return tokenizer;
}

/** The text of a model's ids. It may have more entries than its tokenizer, and an untrained one names them. */
export function decodeIds(tokenizer: Tokenizer, ids: Int32Array): string {
  return tokenizer.decode(ids.filter((id) => id !== PAD_ID && id < tokenizer.size));
}

/** @throws AppError file/not-found */
export async function importedFolder(dataDirectory: string, kind: DataFolder, name: string): Promise<string> {
  const folder = dataFolder(dataDirectory, kind, name);
  await stat(folder).catch((error: unknown) => {
    throw notImported(kind, name, dataFolders(dataDirectory)[kind], error);
  });
  return folder;
}
