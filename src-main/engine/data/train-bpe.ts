import { AppError } from '../../../src-shared/app-error.ts';
import { BYTE_ALPHABET } from './byte-alphabet.ts';
import { PairIndex } from './pair-index.ts';
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
  /** Hears now and then how many merges there are; none while words are taken in. */
  readonly onProgress?: (merges: number) => void;
  readonly signal?: AbortSignal;
}

export interface TrainedBpe {
  readonly vocabulary: Record<string, number>;
  readonly merges: [string, string][];
}

/** Merges between two looks at the signal and two reports; the first ones, of the commonest pairs, take longest. */
const BREATH = 20;
/** Words between two looks at the signal. */
const WORDS_OF_A_BREATH = 20_000;

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
  const list = options.seenBytesOnly === true ? [...words] : words;
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
  const breathe = async (merges: number): Promise<void> => {
    options.onProgress?.(merges);
    await new Promise((resolve) => setImmediate(resolve));
    if (options.signal?.aborted === true)
      throw new AppError('cancelled', 'The training of the tokenizer was cancelled.');
  };
  const pairs = new PairIndex();
  let taken = 0;
  for (const [word, count] of list) {
    pairs.add(
      Array.from(word, (byte) => ids.get(byte) ?? 0),
      count,
    );
    if (++taken % WORDS_OF_A_BREATH === 0) await breathe(0);
  }
  pairs.seal();
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
    if (merges.length % BREATH === 0) await breathe(merges.length);
  }
  return { vocabulary: Object.fromEntries(tokens.map((token, id) => [token, id])), merges };
}

function seenBytes(words: Iterable<readonly [word: string, count: number]>): string[] {
  const seen = new Set<string>();
  for (const [word] of words) for (const byte of word) seen.add(byte);
  return [...seen];
}
