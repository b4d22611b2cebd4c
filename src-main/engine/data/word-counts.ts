import { encodeByteLevel } from './byte-alphabet.ts';

/** GPT-2's split of a text into words, each with the space before it. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Distinct words that are counted before the rarest are let go. */
const MOST_WORDS = 4_000_000;

/**
 * How often each word occurs in texts that come one after the other, in memory that does not grow with them: where there are
 * too many distinct words, those seen least often are dropped (they could only have become tokens of a frequency that
 * small).
 */
export class WordCounts {
  readonly #counts = new Map<string, number>();
  readonly #most: number;
  #dropped = 0;

  constructor(most = MOST_WORDS) {
    this.#most = most;
  }

  add(text: string): void {
    for (const [word] of text.matchAll(WORDS)) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
    for (let least = 1; this.#counts.size > this.#most; least++) this.#drop(least);
  }

  /** Occurrences that were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Words in printable bytes, with their counts. */
  *entries(): Generator<readonly [word: string, count: number]> {
    for (const [word, count] of this.#counts) yield [encodeByteLevel(word), count];
  }

  get size(): number {
    return this.#counts.size;
  }

  #drop(least: number): void {
    for (const [word, count] of this.#counts) {
      if (count > least) continue;
      this.#counts.delete(word);
      this.#dropped += count;
    }
  }
}
