import { join } from 'node:path';
import { AppError } from '../../../src-shared/app-error.ts';
import { isDataName } from '../../../src-shared/config/data-name.ts';

/** Where a home keeps what runs read. */
export interface DataFolders {
  readonly tokenizers: string;
  readonly corpora: string;
  readonly superglue: string;
  /** Encoded examples; whatever is in it can be made again. */
  readonly cache: string;
}

export type DataFolder = Exclude<keyof DataFolders, 'cache'>;

const WHAT: Readonly<Record<DataFolder, { readonly noun: string; readonly remedy: string }>> = {
  tokenizers: { noun: 'tokenizer', remedy: '`metalmo tokenizer train PATH --name NAME`' },
  corpora: { noun: 'corpus', remedy: '`metalmo data import corpus PATH --tokenizer NAME --name NAME`' },
  superglue: { noun: 'SuperGLUE set', remedy: '`metalmo data import superglue PATH --name NAME`' },
};

/** @param dataDirectory the folder `data` of a home */
export function dataFolders(dataDirectory: string): DataFolders {
  return {
    tokenizers: join(dataDirectory, 'tokenizers'),
    corpora: join(dataDirectory, 'corpora'),
    superglue: join(dataDirectory, 'superglue'),
    cache: join(dataDirectory, 'cache'),
  };
}

/**
 * The folder of something imported, by its name; whether it is there is not looked at.
 * @throws AppError input/invalid for what can't be a name
 */
export function dataFolder(dataDirectory: string, kind: DataFolder, name: string): string {
  if (isDataName(name)) return join(dataFolders(dataDirectory)[kind], name);
  throw new AppError(
    'input/invalid',
    `A ${WHAT[kind].noun}'s name has up to 64 letters, digits, "-", "_" and ".", and no "." in front; got '${name}'.`,
    { name },
  );
}

/** What to say where a name is not known. */
export function notImported(kind: DataFolder, name: string, folder: string, cause?: unknown): AppError {
  const { noun, remedy } = WHAT[kind];
  return new AppError(
    'file/not-found',
    `There is no ${noun} '${name}' in ${folder}. Import it on the Data page or with ${remedy}.`,
    { kind, name },
    cause,
  );
}
