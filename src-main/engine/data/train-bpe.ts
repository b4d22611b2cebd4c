import { AppError } from '../../../src-shared/app-error.ts';
import { BYTE_ALPHABET } from './byte-alphabet.ts';
import { MergeQueue } from './merge-queue.ts';
import { SPECIAL_TOKENS } from './special-tokens.ts';

export interface BpeOptions {
  /** Entries in all: special tokens, the 256 bytes, merges. */
  readonly vocabularySize: number;
  /** Pairs seen less often are not merged. */
  readonly minFrequency: number;
  /** Special tokens, first in the vocabulary. */
  readonly specialTokens?: readonly string[];
  /** Only the bytes that occur, instead of all 256. */
  readonly seenBytesOnly?: boolean;
  /** Hears now and then how many merges there are. */
  readonly onProgress?: (merges: number) => void;
  readonly signal?: AbortSignal;
}

export interface TrainedBpe {
  readonly vocabulary: Record<string, number>;
  readonly merges: [string, string][];
}

/** Merges between two looks at the signal and two reports. */
const BREATH = 200;
/** Pair (a, b) as one number; vocabularies stay far below this. */
const PAIR_BASE = 2 ** 24;

/**
 * Byte-pair encoding from word counts (Sennrich et al. 2016): merges the most frequent pair of neighbouring tokens until
 * the vocabulary is full; among equals the pair of lower ids, as Hugging Face's trainer does. Words are sequences of
 * printable bytes.
 * @throws AppError config/invalid when the vocabulary can't hold the special tokens and the bytes, cancelled
 */
export async function trainBpe(
  words: Iterable<readonly [word: string, count: number]>,
  options: BpeOptions,
): Promise<TrainedBpe> {
  const { vocabularySize, minFrequency, specialTokens = SPECIAL_TOKENS } = options;
  const list = [...words];
  const alphabet = options.seenBytesOnly === true ? seenBytes(list) : [...BYTE_ALPHABET];
  alphabet.sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  const tokens = [...specialTokens, ...alphabet];
  if (vocabularySize < tokens.length) {
    throw new AppError(
      'config/invalid',
      `A vocabulary of ${vocabularySize} entries is too small: ${specialTokens.length} special tokens and ` +
        `${alphabet.length} bytes need ${tokens.length}.`,
      { vocabularySize, needed: tokens.length },
    );
  }
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const counts = list.map(([, count]) => count);
  const symbols = list.map(([word]) => Array.from(word, (byte) => ids.get(byte) ?? 0));
  const pairs = new PairIndex(symbols, counts);
  const merges: [string, string][] = [];

  while (tokens.length < vocabularySize) {
    const best = pairs.takeBest();
    if (best === undefined || best.count < Math.max(1, minFrequency)) break;
    const [left, right] = [tokens[best.a] ?? '', tokens[best.b] ?? ''];
    const known = ids.get(left + right);
    const id = known ?? tokens.push(left + right) - 1;
    ids.set(left + right, id);
    merges.push([left, right]);
    pairs.merge(best.a, best.b, id);
    if (merges.length % BREATH > 0) continue;
    options.onProgress?.(merges.length);
    await new Promise((resolve) => setImmediate(resolve));
    if (options.signal?.aborted === true)
      throw new AppError('cancelled', 'The training of the tokenizer was cancelled.');
  }
  return { vocabulary: Object.fromEntries(tokens.map((token, id) => [token, id])), merges };
}

function seenBytes(words: readonly (readonly [word: string, count: number])[]): string[] {
  return [...new Set(words.flatMap(([word]) => Array.from(word)))];
}

/** Where each pair of neighbouring tokens occurs, and how often. */
class PairIndex {
  readonly #symbols: number[][];
  readonly #wordCounts: readonly number[];
  readonly #counts = new Map<number, number>();
  readonly #words = new Map<number, Set<number>>();
  readonly #queue = new MergeQueue();

  constructor(symbols: number[][], wordCounts: readonly number[]) {
    this.#symbols = symbols;
    this.#wordCounts = wordCounts;
    for (const word of symbols.keys()) this.#addWord(word, 1);
    for (const [pair, count] of this.#counts) this.#queue.push({ count, pair });
  }

  /** The most frequent pair, with its count at this moment. */
  takeBest(): { a: number; b: number; count: number } | undefined {
    for (let top = this.#queue.pop(); top !== undefined; top = this.#queue.pop()) {
      const count = this.#counts.get(top.pair) ?? 0;
      if (count === top.count) return { a: Math.floor(top.pair / PAIR_BASE), b: top.pair % PAIR_BASE, count };
      if (count > 0) this.#queue.push({ count, pair: top.pair });
    }
    return undefined;
  }

  /** Replaces every a b by `id`. */
  merge(a: number, b: number, id: number): void {
    const pair = a * PAIR_BASE + b;
    const before = new Set<number>();
    for (const word of this.#words.get(pair) ?? []) {
      this.#addWord(word, -1);
      this.#symbols[word] = mergeIn(this.#symbols[word] ?? [], a, b, id);
      this.#addWord(word, 1, id, before);
    }
    this.#words.delete(pair);
    this.#counts.delete(pair);
    for (const made of before) {
      const count = this.#counts.get(made) ?? 0;
      if (count > 0) this.#queue.push({ count, pair: made });
    }
  }

  /** Counts a word's pairs in (1) or out (-1); pairs with `fresh` are collected. */
  #addWord(word: number, sign: 1 | -1, fresh?: number, collected?: Set<number>): void {
    const symbols = this.#symbols[word] ?? [];
    const change = sign * (this.#wordCounts[word] ?? 0);
    for (let i = 1; i < symbols.length; i++) {
      const [a, b] = [symbols[i - 1] ?? 0, symbols[i] ?? 0];
      const pair = a * PAIR_BASE + b;
      this.#counts.set(pair, (this.#counts.get(pair) ?? 0) + change);
      if (sign < 0) continue;
      let words = this.#words.get(pair);
      if (words === undefined) this.#words.set(pair, (words = new Set()));
      words.add(word);
      if (a === fresh || b === fresh) collected?.add(pair);
    }
  }
}

function mergeIn(symbols: readonly number[], a: number, b: number, id: number): number[] {
  const merged: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] ?? 0;
    if (symbol === a && symbols[i + 1] === b) {
      merged.push(id);
      i++;
    } else merged.push(symbol);
  }
  return merged;
}
