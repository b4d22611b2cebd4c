import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import type { DataKind, DataWish } from '../../src-shared/ipc/contract/data.ts';
import type { DataJobRequest } from '../../src-shared/ipc/data-protocol.ts';
import { dataFolder, type DataFolder } from '../engine/data/data-folders.ts';

/** Of the data that the app brings; `ensureSample` alone makes it. */
const SAMPLE_NAME = 'sample';

export const FOLDER_OF_KIND: Readonly<Record<DataKind, DataFolder>> = {
  corpus: 'corpora',
  superglue: 'superglue',
  tokenizer: 'tokenizers',
};
const NOUNS: Readonly<Record<DataKind, string>> = {
  corpus: 'corpus',
  superglue: 'SuperGLUE set',
  tokenizer: 'tokenizer',
};
const KIND_OF_WISH = {
  'import-corpus': 'corpus',
  'import-superglue': 'superglue',
  'train-tokenizer': 'tokenizer',
  'import-tokenizer': 'tokenizer',
} as const satisfies Record<Exclude<DataWish['kind'], 'add-sample'>, DataKind>;

/** What a wish would make; undefined for the sample, which is several sets. */
export function targetOf(wish: DataWish): { readonly kind: DataKind; readonly name: string } | undefined {
  return wish.kind === 'add-sample' ? undefined : { kind: KIND_OF_WISH[wish.kind], name: wish.name };
}

/**
 * What the engine is to do for a wish.
 * @throws AppError file/not-found, input/invalid, registry/conflict, each with the `field` of the form it is about
 */
export async function checkWish(wish: DataWish, dataDirectory: string, nowMs: number): Promise<DataJobRequest> {
  if (wish.kind === 'add-sample') return { kind: 'add-sample', dataDirectory };
  const kind = KIND_OF_WISH[wish.kind];
  const folder = dataFolder(dataDirectory, FOLDER_OF_KIND[kind], wish.name);
  if (wish.name === SAMPLE_NAME) {
    throw fieldError('input/invalid', 'name', `'${SAMPLE_NAME}' is the name of the data that the app brings.`);
  }
  if (await exists(folder)) {
    throw fieldError('registry/conflict', 'name', `There already is a ${NOUNS[kind]} '${wish.name}'.`);
  }
  switch (wish.kind) {
    case 'import-corpus': {
      const tokenizerFolder = dataFolder(dataDirectory, 'tokenizers', wish.tokenizer);
      if (!(await exists(tokenizerFolder))) {
        throw fieldError('file/not-found', 'tokenizer', `There is no tokenizer '${wish.tokenizer}'.`);
      }
      return { kind: wish.kind, source: await hostPath(wish.source), tokenizerFolder, folder, nowMs };
    }
    case 'import-superglue':
      return { kind: wish.kind, source: await hostPath(wish.source), partial: wish.partial, folder, nowMs };
    case 'import-tokenizer':
      return { kind: wish.kind, source: await hostPath(wish.source), folder, nowMs };
    case 'train-tokenizer': {
      const sources: string[] = [];
      for (const source of wish.sources) sources.push(await hostPath(source, 'sources'));
      const { vocabularySize, minFrequency } = wish;
      return { kind: wish.kind, sources, vocabularySize, minFrequency, folder, nowMs };
    }
  }
}

/** @throws AppError with a field */
async function hostPath(path: string, field = 'source'): Promise<string> {
  const expanded = path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
  if (!isAbsolute(expanded)) {
    throw fieldError('input/invalid', field, `Expected a path from the top, such as /data/wiki.jsonl; got '${path}'.`);
  }
  if (await exists(expanded)) return expanded;
  throw fieldError('file/not-found', field, `There is no file or folder ${expanded} on the host.`);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function fieldError(code: AppError['code'], field: string, message: string): AppError {
  return new AppError(code, message, { field });
}
