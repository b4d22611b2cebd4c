import { AppError } from '../../../src-shared/app-error.ts';
import { BYTE_ALPHABET } from './byte-alphabet.ts';

/** A word's tokens: per token its id and its place in the word, [start, end) in code points. */
export type WordToken = readonly [id: number, start: number, end: number];

const utf8 = new TextEncoder();

/** Takes words apart into tokens by a byte-pair encoding's merges (Sennrich et al. 2016), as Hugging Face's library. */
export class BytePairEncoder {
  /** Token of each byte; -1 where the vocabulary has none. */
  readonly #byteIds: readonly number[];
  readonly #size: number;
  /** Rank of a pair of tokens, a * size + b. */
  readonly #ranks = new Map<number, number>();
  /** What the merge of each rank makes. */
  readonly #made: number[] = [];

  /** @throws AppError file/invalid where a merge has or makes a token that the vocabulary lacks */
  constructor(vocabulary: Readonly<Record<string, number>>, merges: readonly (readonly [string, string])[]) {
    const ids = new Map(Object.entries(vocabulary));
    this.#size = ids.size;
    this.#byteIds = BYTE_ALPHABET.map((character) => ids.get(character) ?? -1);
    for (const [rank, [a, b]] of merges.entries()) {
      const [left, right, made] = [a, b, a + b].map((token) => ids.get(token));
      if (left === undefined || right === undefined || made === undefined) {
        throw new AppError(
          'file/invalid',
          `Merge ${rank + 1} of the tokenizer, ${JSON.stringify(`${a} ${b}`)}, has or makes a token that is not in its vocabulary.`,
        );
      }
      this.#ranks.set(left * this.#size + right, rank);
      this.#made.push(made);
    }
  }

  /** A byte without a token is left out, and what comes after it moves up, as in the library. */
  encode(word: string): WordToken[] {
    const bytes = utf8.encode(word);
    const symbols = this.#merge(Array.from(bytes, (byte) => this.#byteIds[byte] ?? -1).filter((id) => id >= 0));
    // code point that each byte belongs to
    const points = new Int32Array(bytes.length);
    for (let i = 0, point = -1; i < bytes.length; i++) points[i] = isContinuation(bytes[i] ?? 0) ? point : ++point;
    let at = 0;
    return symbols.map(({ id, bytes: length }) => {
      const [start, end] = [points[at] ?? 0, (points[at + length - 1] ?? 0) + 1];
      at += length;
      return [id, start, end];
    });
  }

  /** Merges the pair of lowest rank, the first of several, until there is none. */
  #merge(ids: readonly number[]): { id: number; bytes: number }[] {
    const symbols = new Symbols(ids);
    const queue = new MergeHeap();
    const offer = (left: number): void => {
      const right = symbols.next(left);
      if (right < 0) return;
      const rank = this.#ranks.get(symbols.id(left) * this.#size + symbols.id(right));
      if (rank !== undefined) queue.push(rank, left);
    };
    for (let i = 0; i + 1 < ids.length; i++) offer(i);
    for (let top = queue.pop(); top !== undefined; top = queue.pop()) {
      const [rank, left] = top;
      const right = symbols.next(left);
      // one of the two has been merged with another since
      if (right < 0 || this.#ranks.get(symbols.id(left) * this.#size + symbols.id(right)) !== rank) continue;
      symbols.join(left, this.#made[rank] ?? 0);
      offer(left);
      const before = symbols.previous(left);
      if (before >= 0) offer(before);
    }
    return symbols.list();
  }
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** A word's tokens while they are merged: a linked list over the places of its bytes. */
class Symbols {
  readonly #ids: Int32Array;
  readonly #bytes: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  constructor(ids: readonly number[]) {
    this.#ids = Int32Array.from(ids);
    this.#bytes = new Int32Array(ids.length).fill(1);
    this.#next = Int32Array.from(ids, (_, i) => (i + 1 < ids.length ? i + 1 : -1));
    this.#previous = Int32Array.from(ids, (_, i) => i - 1);
  }

  /** -1 where a symbol was joined to the one before it. */
  id(at: number): number {
    return this.#ids[at] ?? -1;
  }

  /** The symbol after one that is still there; -1 at the end and for a symbol that is gone. */
  next(at: number): number {
    return this.#next[at] ?? -1;
  }

  previous(at: number): number {
    return this.#previous[at] ?? -1;
  }

  /** Makes a symbol and the next one `id`. */
  join(left: number, id: number): void {
    const right = this.next(left);
    const after = this.next(right);
    this.#ids[left] = id;
    this.#bytes[left] = (this.#bytes[left] ?? 0) + (this.#bytes[right] ?? 0);
    this.#next[left] = after;
    if (after >= 0) this.#previous[after] = left;
    this.#ids[right] = -1;
    this.#next[right] = -1;
  }

  list(): { id: number; bytes: number }[] {
    const symbols: { id: number; bytes: number }[] = [];
    for (let at = this.#ids.length === 0 ? -1 : 0; at >= 0; at = this.next(at)) {
      symbols.push({ id: this.id(at), bytes: this.#bytes[at] ?? 0 });
    }
    return symbols;
  }
}

/** Places of a word are far fewer. */
const PLACES = 2 ** 30;

/** Pairs to merge, lowest rank first, then the leftmost: a binary heap. */
class MergeHeap {
  readonly #keys: number[] = [];

  push(rank: number, place: number): void {
    const keys = this.#keys;
    const key = rank * PLACES + place;
    let at = keys.push(key) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((keys[parent] ?? 0) <= key) break;
      keys[at] = keys[parent] ?? 0;
      at = parent;
    }
    keys[at] = key;
  }

  pop(): readonly [rank: number, place: number] | undefined {
    const keys = this.#keys;
    const top = keys[0];
    const last = keys.pop();
    if (top === undefined || last === undefined) return undefined;
    if (keys.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child + 1 < keys.length && (keys[child + 1] ?? 0) < (keys[child] ?? 0)) child++;
        if (child >= keys.length || (keys[child] ?? 0) >= last) break;
        keys[at] = keys[child] ?? 0;
        at = child;
      }
      keys[at] = last;
    }
    return [Math.floor(top / PLACES), top % PLACES];
  }
}
