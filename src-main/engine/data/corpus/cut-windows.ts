import { closeSync, openSync, readSync } from 'node:fs';
import { LONG_TOKEN } from './corpus-files.ts';

/** Where some articles' windows are: 20 bytes each. */
export interface WindowCuts {
  /** First token of each window. */
  readonly tokens: Float64Array;
  /** Its tokens. */
  readonly counts: Int32Array;
  /** Code points before each window, and in all: one entry more than there are windows. */
  readonly characters: Float64Array;
}

/** A corpus's `lengths.bin` and `longTokens`. */
export interface StoredLengths {
  readonly file: string;
  readonly longTokens: ReadonlyMap<number, number>;
}

/**
 * Cuts articles into windows of at most `room` tokens, in one pass over the lengths on disk, which are read in blocks.
 * @param starts per article first token and first code point, then both totals
 * @param groupOf 0 or 1: which of the two results gets an article
 * @throws Error where the file ends too early
 */
export function cutWindows(
  starts: Float64Array,
  groupOf: (article: number) => 0 | 1,
  room: number,
  lengths: StoredLengths,
): [WindowCuts, WindowCuts] {
  const articles = starts.length / 2 - 1;
  const tokensOf = (article: number): number => (starts[2 * article + 2] ?? 0) - (starts[2 * article] ?? 0);
  const counts: [number, number] = [0, 0];
  for (let article = 0; article < articles; article++) counts[groupOf(article)] += Math.ceil(tokensOf(article) / room);
  const groups = [new OpenCuts(counts[0]), new OpenCuts(counts[1])] as const;
  const reader = new LengthReader(lengths);
  try {
    for (let article = 0; article < articles; article++) {
      const group = groups[groupOf(article)];
      const first = starts[2 * article] ?? 0;
      const tokens = tokensOf(article);
      for (let from = 0; from < tokens; from += room) {
        const count = Math.min(room, tokens - from);
        group.add(first + from, count, reader.sumNext(count));
      }
    }
  } finally {
    reader.close();
  }
  return [groups[0].cuts, groups[1].cuts];
}

class OpenCuts {
  readonly cuts: WindowCuts;
  #count = 0;
  #characters = 0;

  constructor(windows: number) {
    this.cuts = {
      tokens: new Float64Array(windows),
      counts: new Int32Array(windows),
      characters: new Float64Array(windows + 1),
    };
  }

  add(token: number, count: number, characters: number): void {
    this.cuts.tokens[this.#count] = token;
    this.cuts.counts[this.#count] = count;
    this.#characters += characters;
    this.cuts.characters[++this.#count] = this.#characters;
  }
}

const BLOCK_BYTES = 1 << 20;

/** Sums the lengths of tokens, from the first one on. */
class LengthReader {
  readonly #fd: number;
  readonly #lengths: StoredLengths;
  readonly #block = new Uint8Array(BLOCK_BYTES);
  /** Token of the block's first byte. */
  #base = 0;
  #at = 0;
  #end = 0;

  constructor(lengths: StoredLengths) {
    this.#lengths = lengths;
    this.#fd = openSync(lengths.file, 'r');
  }

  /** Code points of the next `count` tokens. */
  sumNext(count: number): number {
    let sum = 0;
    for (let left = count; left > 0;) {
      if (this.#at === this.#end) this.#readBlock();
      const to = Math.min(this.#end, this.#at + left);
      left -= to - this.#at;
      for (let i = this.#at; i < to; i++) {
        const length = this.#block[i] ?? 0;
        sum += length === LONG_TOKEN ? (this.#lengths.longTokens.get(this.#base + i) ?? LONG_TOKEN) : length;
      }
      this.#at = to;
    }
    return sum;
  }

  #readBlock(): void {
    this.#base += this.#end;
    this.#end = readSync(this.#fd, this.#block);
    this.#at = 0;
    if (this.#end === 0) throw new Error(`${this.#lengths.file} ends at token ${this.#base}`);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
