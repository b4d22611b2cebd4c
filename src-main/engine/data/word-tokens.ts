import type { BytePairEncoder } from './byte-pair-encoder.ts';
import { countCodePoints } from './code-points.ts';

/** A token in `tokens`: id, start, end. */
export const TOKEN_FIELDS = 3;
/** V8 copies shorter substrings by itself. */
const SHORTEST_WINDOW = 13;
/** Distinct words and their tokens that are remembered: some 40 MB. */
const MOST_WORDS = 1 << 18;
const MOST_TOKENS = 1 << 21;

/** Tokens of the words that have come: a language repeats its words, and a table is quicker than merging. */
export class WordTokens {
  readonly #encoder: BytePairEncoder;
  readonly #numbers = new Map<string, number>();
  /** First token of each word, and of the one that comes next. */
  firsts = new Int32Array(1 << 10);
  /** Code points of each word. */
  lengths = new Int32Array(1 << 10);
  /** Id, start and end in the word (code points) of every word's tokens. */
  tokens = new Int32Array(1 << 12);

  constructor(encoder: BytePairEncoder) {
    this.#encoder = encoder;
  }

  /** Whether it is time to forget and begin again. */
  get isFull(): boolean {
    const words = this.#numbers.size;
    return words >= MOST_WORDS || (this.firsts[words] ?? 0) >= MOST_TOKENS;
  }

  /** A word's number: its tokens are those from `firsts[number]` to `firsts[number + 1]`. */
  numberOf(word: string): number {
    return this.#numbers.get(word) ?? this.#add(word);
  }

  #add(word: string): number {
    const number = this.#numbers.size;
    const tokens = this.#encoder.encode(word);
    const first = this.firsts[number] ?? 0;
    this.firsts = withRoom(this.firsts, number + 2);
    this.lengths = withRoom(this.lengths, number + 1);
    this.tokens = withRoom(this.tokens, TOKEN_FIELDS * (first + tokens.length));
    for (const [i, token] of tokens.entries()) this.tokens.set(token, TOKEN_FIELDS * (first + i));
    this.firsts[number + 1] = first + tokens.length;
    this.lengths[number] = countCodePoints(word);
    this.#numbers.set(ownCopy(word), number);
    return number;
  }
}

/** A match is a window on the whole text, which it would keep in memory. */
function ownCopy(word: string): string {
  return word.length < SHORTEST_WINDOW ? word : Buffer.from(word, 'utf16le').toString('utf16le');
}

function withRoom(values: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (values.length >= length) return values;
  const larger = new Int32Array(Math.max(length, 2 * values.length));
  larger.set(values);
  return larger;
}
