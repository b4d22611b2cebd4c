import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '../tokenizer.ts';

const MOST = 4;

/**
 * Tokenizers that questions come back to, kept while their files stay as they were; the one asked for last is the last
 * to go.
 */
export class OpenTokenizers {
  readonly #open = new Map<string, { readonly version: string; readonly tokenizer: Promise<Tokenizer> }>();

  /** @throws AppError file/not-found, file/invalid */
  async load(folder: string): Promise<Tokenizer> {
    const version = await versionOf(folder);
    const known = this.#open.get(folder);
    const entry = known?.version === version ? known : { version, tokenizer: Tokenizer.load(folder) };
    this.#open.delete(folder);
    this.#open.set(folder, entry);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MOST) break;
      this.#open.delete(oldest);
    }
    try {
      return await entry.tokenizer;
    } catch (error) {
      this.#open.delete(folder);
      throw error;
    }
  }
}

async function versionOf(folder: string): Promise<string> {
  const files = ['vocab.json', 'merges.txt'].map(async (name) => {
    const found = await stat(join(folder, name)).catch(() => undefined);
    return found === undefined ? '' : `${found.mtimeMs} ${found.size} ${found.ino}`;
  });
  return (await Promise.all(files)).join(';');
}
