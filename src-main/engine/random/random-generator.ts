import { philoxWords } from './philox-words.ts';
import { RANDOM_STREAMS } from './streams.ts';
import type { RandomStream } from './streams.ts';

const TWO_32 = 4294967296;
const TWO_NEGATIVE_53 = 2 ** -53;

/** What code that draws needs of a generator; tests may script it. */
export interface RandomSource {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform in {0, …, bound - 1}, unbiased. */
  integer(bound: number): number;
  /** Writes `count` distinct members of {0, …, bound - 1} to the front of `out`, every ordered choice equally likely. */
  sampleInto(bound: number, count: number, out: Int32Array): void;
}

/**
 * The random numbers of one (seed, stream, step): the index-th draw is a pure function of the four. Philox turns the
 * three into 128 bits of state and xoshiro128** (Blackman and Vigna 2018) walks on from there, some nanoseconds a draw.
 * `restart` reuses the object, so that a hot loop allocates nothing.
 */
export class RandomGenerator implements RandomSource {
  readonly #state = new Uint32Array(4);
  #s0 = 0;
  #s1 = 0;
  #s2 = 0;
  #s3 = 0;
  #spareNormal = Number.NaN;
  #scratch = new Int32Array(64);

  constructor(seed: number, stream: RandomStream, step = 0) {
    this.restart(seed, stream, step);
  }

  /** Moves to the first draw of another (seed, stream, step); seed and step are integers below 2^53. */
  restart(seed: number, stream: RandomStream, step = 0): this {
    const state = this.#state;
    state[0] = step % TWO_32;
    state[1] = Math.floor(step / TWO_32);
    state[2] = RANDOM_STREAMS[stream];
    state[3] = 0;
    philoxWords(state, seed % TWO_32, Math.floor(seed / TWO_32));
    this.#s0 = state[0] | 0;
    this.#s1 = state[1] | 0;
    this.#s2 = state[2] | 0;
    this.#s3 = state[3] | 0;
    // the all-zero state is xoshiro's only fixed point
    if ((this.#s0 | this.#s1 | this.#s2 | this.#s3) === 0) this.#s3 = 1;
    this.#spareNormal = Number.NaN;
    return this;
  }

  /** Uniform unsigned 32-bit integer. */
  uint32(): number {
    const s1 = this.#s1;
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = s1 << 9;
    let s2 = this.#s2 ^ this.#s0;
    const s3 = this.#s3 ^ s1;
    this.#s1 = s1 ^ s2;
    this.#s0 ^= s3;
    s2 ^= shifted;
    this.#s2 = s2;
    this.#s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) * TWO_NEGATIVE_53;
  }

  integer(bound: number): number {
    if (!(bound >= 1 && bound <= TWO_32)) throw new Error(`integer bound ${bound} is not in [1, 2^32]`);
    // Lemire-style multiplication has no cheap 64-bit product here; the remainder is unbiased below the last multiple.
    const limit = TWO_32 - (TWO_32 % bound);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % bound;
  }

  /** Standard normal (Box-Muller, both members of a pair used). */
  normal(): number {
    const spare = this.#spareNormal;
    if (!Number.isNaN(spare)) {
      this.#spareNormal = Number.NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Fisher-Yates, in place. */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const value = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = value;
    }
  }

  /** A uniformly random order of 0, …, count - 1. */
  permutation(count: number): Int32Array {
    const order = new Int32Array(count);
    for (let i = 0; i < count; i++) order[i] = i;
    this.shuffle(order);
    return order;
  }

  sampleInto(bound: number, count: number, out: Int32Array): void {
    if (count > bound || count > out.length) throw new Error(`cannot sample ${count} of ${bound} into ${out.length}`);
    if (this.#scratch.length < bound) this.#scratch = new Int32Array(2 * bound);
    const scratch = this.#scratch;
    for (let i = 0; i < bound; i++) scratch[i] = i;
    for (let i = 0; i < count; i++) {
      const j = i + this.integer(bound - i);
      out[i] = scratch[j] ?? 0;
      scratch[j] = scratch[i] ?? 0;
    }
  }
}

/** Two int32 words for a graph's `randomUniform` key: a pure function of (seed, stream, step). */
export function randomKey(seed: number, stream: RandomStream, step: number): Int32Array {
  const words = new Uint32Array([step % TWO_32, Math.floor(step / TWO_32), RANDOM_STREAMS[stream], 1]);
  philoxWords(words, seed % TWO_32, Math.floor(seed / TWO_32));
  return new Int32Array([(words[0] ?? 0) | 0, (words[1] ?? 0) | 0]);
}
