import { philoxWords } from './philox-words.ts';

/** A float32 in [0, 1) from 23 of a word's bits: they become the mantissa of a number in [1, 2). */
const TWO_NEGATIVE_23 = 2 ** -23;

/**
 * Fills `out` with the numbers that TensorFlow's StatelessRandomUniformV2 (algorithm Philox) gives for the key
 * (key0, key1) and the counter that starts at (0, 0, stream, 0): words 4b..4b+3 are block b, and a number is the low
 * 23 bits of its word over 2^23.
 */
export function philoxUniforms(out: Float32Array, key0: number, key1: number, stream: number): void {
  const words = new Uint32Array(4);
  for (let block = 0; 4 * block < out.length; block++) {
    words[0] = block;
    words[1] = 0;
    words[2] = stream;
    words[3] = 0;
    philoxWords(words, key0, key1);
    const count = Math.min(4, out.length - 4 * block);
    for (let i = 0; i < count; i++) out[4 * block + i] = ((words[i] ?? 0) & 0x7fffff) * TWO_NEGATIVE_23;
  }
}
