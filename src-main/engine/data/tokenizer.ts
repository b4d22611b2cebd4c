import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../src-shared/app-error.ts';
import { decodeByteLevel } from './byte-alphabet.ts';
import { BytePairEncoder } from './byte-pair-encoder.ts';
import { SPECIAL_TOKENS } from './special-tokens.ts';
import { splitWords } from './split-words.ts';
import { TOKEN_FIELDS, WordTokens } from './word-tokens.ts';

/** One text's tokens without any special token. */
export interface Encoding {
  readonly ids: Int32Array; // [T]
  /** Start and end (exclusive) of each token in the text, in Unicode code points; a leading space belongs to its token. */
  readonly offsets: Int32Array; // [T, 2]
}

const Vocabulary = z.record(z.string(), z.int().min(0));

/**
 * Byte-level BPE (GPT-2 split pattern, no normalisation, no prefix space), equal to Hugging Face's library token for token
 * and quicker, because the tokens of a word are looked up when it comes again. The text "[SEP]" in data is split into
 * bytes like any other: special tokens enter an encoding only where `windows.ts` puts them.
 */
export class Tokenizer {
  /** What it was made of. */
  readonly parts: { readonly vocabulary: Record<string, number>; readonly merges: [string, string][] };
  readonly #encoder: BytePairEncoder;
  readonly #tokens: readonly string[];
  #words: WordTokens;

  /**
   * @param vocabulary id of each token, without gaps, special tokens first
   * @param merges pairs of tokens, most frequent first
   * @throws AppError file/invalid
   */
  constructor(vocabulary: Readonly<Record<string, number>>, merges: readonly (readonly [string, string])[]) {
    const tokens: string[] = [];
    for (const [token, id] of Object.entries(vocabulary)) tokens[id] = token;
    if (tokens.length !== Object.keys(vocabulary).length)
      throw new AppError(
        'file/invalid',
        'The vocabulary has gaps or two tokens of one id; every id from 0 up must occur once.',
      );
    SPECIAL_TOKENS.forEach((token, id) => {
      if (tokens[id] !== token)
        throw new AppError(
          'file/invalid',
          `The vocabulary has ${JSON.stringify(tokens[id] ?? null)} at id ${id} where ${token} is needed: ` +
            'the special tokens [PAD], [MASK], [SEP], [CLS0] to [CLS29] come first.',
        );
    });
    this.#tokens = tokens;
    this.parts = { vocabulary: { ...vocabulary }, merges: merges.map(([a, b]): [string, string] => [a, b]) };
    this.#encoder = new BytePairEncoder(this.parts.vocabulary, this.parts.merges);
    this.#words = new WordTokens(this.#encoder);
  }

  /**
   * Reads `vocab.json` and `merges.txt` of a folder (Hugging Face's layout).
   * @throws AppError file/not-found, file/invalid
   */
  static async load(directory: string): Promise<Tokenizer> {
    const vocabularyPath = join(directory, 'vocab.json');
    const vocabulary = Vocabulary.safeParse(parseJson(await readText(vocabularyPath), vocabularyPath));
    if (!vocabulary.success)
      throw new AppError(
        'file/invalid',
        `${vocabularyPath} is not a map from tokens to ids: ${vocabulary.error.message}`,
      );
    const mergesPath = join(directory, 'merges.txt');
    const lines = (await readText(mergesPath))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#version'));
    const merges = lines.map((line): [string, string] => {
      const [first, second, ...rest] = line.replace(/\r$/, '').split(' ');
      if (first === undefined || second === undefined || rest.length > 0)
        throw new AppError('file/invalid', `${mergesPath} has the line ${JSON.stringify(line)}; expected two tokens.`);
      return [first, second];
    });
    return new Tokenizer(vocabulary.data, merges);
  }

  /** Number of ids. */
  get size(): number {
    return this.#tokens.length;
  }

  token(id: number): string | undefined {
    return this.#tokens[id];
  }

  /** Encodes texts in order. */
  async encode(texts: readonly string[]): Promise<Encoding[]> {
    return texts.map((text) => this.#encode(text));
  }

  #encode(text: string): Encoding {
    if (this.#words.isFull) this.#words = new WordTokens(this.#encoder);
    const words = this.#words;
    const numbers = splitWords(text).map((word) => words.numberOf(word));
    const { firsts, lengths, tokens } = words;
    let count = 0;
    for (const number of numbers) count += (firsts[number + 1] ?? 0) - (firsts[number] ?? 0);
    const ids = new Int32Array(count);
    const offsets = new Int32Array(2 * count);
    let [at, before] = [0, 0];
    for (const number of numbers) {
      const end = TOKEN_FIELDS * (firsts[number + 1] ?? 0);
      for (let from = TOKEN_FIELDS * (firsts[number] ?? 0); from < end; from += TOKEN_FIELDS, at++) {
        ids[at] = tokens[from] ?? 0;
        offsets[2 * at] = before + (tokens[from + 1] ?? 0);
        offsets[2 * at + 1] = before + (tokens[from + 2] ?? 0);
      }
      before += lengths[number] ?? 0;
    }
    return { ids, offsets };
  }

  /**
   * The text of some ids, special tokens spelled out; invalid UTF-8 becomes U+FFFD.
   * @throws AppError input/invalid for an id outside the vocabulary
   */
  decode(ids: Iterable<number>): string {
    const tokens = Array.from(ids, (id) => {
      const token = this.#tokens[id];
      if (token === undefined)
        throw new AppError('input/invalid', `Token id ${id} is outside the vocabulary of ${this.size} entries.`);
      return token;
    });
    return decodeByteLevel(tokens);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new AppError('file/not-found', `The tokenizer file ${path} cannot be read.`, { path }, error);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('file/invalid', `${path} is not valid JSON.`, { path }, error);
  }
}
