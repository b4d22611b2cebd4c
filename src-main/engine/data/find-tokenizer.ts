import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDataName } from '../../../src-shared/config/data-name.ts';
import { dataFolders, notImported } from './data-folders.ts';

/**
 * The folder of the tokenizer that a person means: one of the home's by its name, else a folder by its path.
 * @throws AppError file/not-found where it is neither
 */
export function findTokenizer(dataDirectory: string, nameOrFolder: string): string {
  const { tokenizers } = dataFolders(dataDirectory);
  if (isDataName(nameOrFolder) && holdsTokenizer(join(tokenizers, nameOrFolder))) return join(tokenizers, nameOrFolder);
  const folder = resolve(nameOrFolder);
  if (holdsTokenizer(folder)) return folder;
  throw notImported('tokenizers', nameOrFolder, tokenizers);
}

function holdsTokenizer(folder: string): boolean {
  return existsSync(join(folder, 'vocab.json'));
}
