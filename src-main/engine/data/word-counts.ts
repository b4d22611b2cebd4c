import { encodeByteLevel } from './byte-alphabet.ts';
import { WORDS } from './split-words.ts';

/** Distinct words that are counted before the rarest are let go; training on so many takes about 1.5 GB. */
const MOST_WORDS = 2_000_000;

/** V8 copies shorter substrings by itself. */
const SHORTEST_WINDOW = 13;

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
    for (const [word] of text.matchAll(WORDS)) {
      const count = this.#counts.get(word);
      this.#counts.set(count === undefined ? ownCopy(word) : word, (count ?? 0) + 1);
    }
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

/** A match is a window on the whole text, which it would keep in memory. */
function ownCopy(word: string): string {
  return word.length < SHORTEST_WINDOW ? word : Buffer.from(word, 'utf16le').toString('utf16le');
}
