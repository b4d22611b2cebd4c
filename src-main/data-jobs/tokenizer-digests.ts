import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../src-shared/app-error.ts';

export interface TokenizerFacts {
  /** As corpora note it (`tokenizerDigest`). */
  readonly digest: string;
  readonly entries: number;
  readonly merges: number;
  readonly madeAtMs: number;
}

const Vocabulary = z.record(z.string(), z.int().min(0));

/** What tokenizers' files say, read again only where they have changed. */
export class TokenizerDigests {
  readonly #known = new Map<string, { readonly version: string; readonly facts: TokenizerFacts }>();

  /** @throws AppError file/not-found, file/invalid */
  async read(folder: string): Promise<TokenizerFacts> {
    const files = [join(folder, 'vocab.json'), join(folder, 'merges.txt')];
    const found = await Promise.all(files.map((file) => stat(file))).catch((error: unknown) => {
      throw new AppError('file/not-found', `${folder} holds no vocab.json and merges.txt.`, { folder }, error);
    });
    const version = found.map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join(';');
    const known = this.#known.get(folder);
    if (known?.version === version) return known.facts;
    const [vocabulary = '', merges = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    const facts = { ...factsOf(vocabulary, merges, folder), madeAtMs: Math.max(...found.map((one) => one.mtimeMs)) };
    this.#known.set(folder, { version, facts });
    return facts;
  }
}

function factsOf(vocabularyText: string, mergesText: string, folder: string): Omit<TokenizerFacts, 'madeAtMs'> {
  let parsed: z.infer<typeof Vocabulary>;
  try {
    parsed = Vocabulary.parse(JSON.parse(vocabularyText));
  } catch (error) {
    throw new AppError('file/invalid', `${folder}/vocab.json is no map from tokens to ids.`, { folder }, error);
  }
  const entries = Object.entries(parsed).sort(([, a], [, b]) => a - b);
  const merges = mergesText
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#version'));
  const hash = createHash('sha256');
  for (const [token, id] of entries) hash.update(`${id} ${token}\n`);
  for (const merge of merges) hash.update(`${merge}\n`);
  return { digest: hash.digest('hex'), entries: entries.length, merges: merges.length };
}
