import { MergeQueue } from './merge-queue.ts';

/** Pair (a, b) as one number; vocabularies stay far below this. */
const PAIR_BASE = 2 ** 24;

/**
 * Where each pair of neighbouring tokens occurs, and how often. Words lie one after the other in flat arrays, each in
 * the room of its first length; a pair's list of words only grows, so it may name words that have it no more.
 */
export class PairIndex {
  #symbols = new Int32Array(1 << 16);
  #used = 0;
  /** First symbol of each word, and their number by now. */
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  readonly #wordCounts: number[] = [];
  readonly #counts = new Map<number, number>();
  readonly #words = new Map<number, number[]>();
  readonly #queue = new MergeQueue();

  /** A word as tokens, with how often it occurs; before the first merge. */
  add(symbols: readonly number[], count: number): void {
    this.#makeRoom(symbols.length);
    this.#symbols.set(symbols, this.#used);
    const word = this.#starts.push(this.#used) - 1;
    this.#lengths.push(symbols.length);
    this.#wordCounts.push(count);
    this.#used += symbols.length;
    for (let i = 1; i < symbols.length; i++) {
      const pair = (symbols[i - 1] ?? 0) * PAIR_BASE + (symbols[i] ?? 0);
      this.#counts.set(pair, (this.#counts.get(pair) ?? 0) + count);
      this.#note(pair, word);
    }
  }

  /** After the last word. */
  seal(): void {
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
    const made = new Set<number>();
    for (const word of this.#words.get(pair) ?? []) this.#mergeIn(word, a, b, id, made);
    this.#words.delete(pair);
    this.#counts.delete(pair);
    for (const fresh of made) {
      const count = this.#counts.get(fresh) ?? 0;
      if (count > 0) this.#queue.push({ count, pair: fresh });
    }
  }

  #mergeIn(word: number, a: number, b: number, id: number, made: Set<number>): void {
    const symbols = this.#symbols;
    const start = this.#starts[word] ?? 0;
    const end = start + (this.#lengths[word] ?? 0);
    if (!hasPair(symbols, start, end, a, b)) return;
    const count = this.#wordCounts[word] ?? 0;
    for (let i = start + 1; i < end; i++) this.#change(symbols[i - 1] ?? 0, symbols[i] ?? 0, -count);
    let to = start;
    for (let i = start; i < end; to++) {
      const isPair = symbols[i] === a && i + 1 < end && symbols[i + 1] === b;
      symbols[to] = isPair ? id : (symbols[i] ?? 0);
      i += isPair ? 2 : 1;
    }
    this.#lengths[word] = to - start;
    for (let i = start + 1; i < to; i++) {
      const [left, right] = [symbols[i - 1] ?? 0, symbols[i] ?? 0];
      this.#change(left, right, count);
      if (left !== id && right !== id) continue;
      const fresh = left * PAIR_BASE + right;
      made.add(fresh);
      this.#note(fresh, word);
    }
  }

  #change(left: number, right: number, by: number): void {
    const pair = left * PAIR_BASE + right;
    const count = (this.#counts.get(pair) ?? 0) + by;
    if (count > 0) this.#counts.set(pair, count);
    else {
      // Only a pair that is merged, or comes back within the same word, gets here with words that have it.
      this.#counts.delete(pair);
    }
  }

  #note(pair: number, word: number): void {
    const words = this.#words.get(pair);
    if (words === undefined) this.#words.set(pair, [word]);
    else if (words.at(-1) !== word) words.push(word);
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#symbols.length) return;
    const larger = new Int32Array(Math.max(2 * this.#symbols.length, this.#used + length));
    larger.set(this.#symbols);
    this.#symbols = larger;
  }
}

function hasPair(symbols: Int32Array, start: number, end: number, a: number, b: number): boolean {
  for (let i = start + 1; i < end; i++) if (symbols[i - 1] === a && symbols[i] === b) return true;
  return false;
}
