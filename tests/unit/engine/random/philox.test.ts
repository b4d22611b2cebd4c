import { describe, expect, it } from 'vitest';
import { philoxUniforms } from '../../../../src-main/engine/random/philox.ts';
import { philoxWords } from '../../../../src-main/engine/random/philox-words.ts';

/** Known answers of the authors' library Random123 (kat_vectors, philox4x32 10 rounds): counter, key, result. */
const KNOWN_ANSWERS: readonly (readonly [string, string, string])[] = [
  ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
];

const words = (text: string): Uint32Array => Uint32Array.from(text.split(' '), (word) => Number.parseInt(word, 16));

describe('Philox4x32-10', () => {
  it.each(KNOWN_ANSWERS)('counter %s, key %s', (counter, key, expected) => {
    const state = words(counter);
    const [key0 = 0, key1 = 0] = words(key);
    philoxWords(state, key0, key1);
    expect(state).toEqual(words(expected));
  });

  it('gives uniform numbers from the low 23 bits of consecutive blocks', () => {
    const numbers = new Float32Array(6);
    philoxUniforms(numbers, 0, 0, 0);
    const first = words('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(Array.from(numbers.slice(0, 4))).toEqual(Array.from(first, (word) => (word & 0x7fffff) / 2 ** 23));
    const second = Uint32Array.of(1, 0, 0, 0);
    philoxWords(second, 0, 0);
    expect(Array.from(numbers.slice(4))).toEqual(Array.from(second.slice(0, 2), (word) => (word & 0x7fffff) / 2 ** 23));
  });

  it('agrees with the word generator for any key, stream and block', () => {
    const numbers = new Float32Array(400);
    philoxUniforms(numbers, 0xdeadbeef | 0, -7, 13);
    for (let block = 0; block < 100; block++) {
      const state = Uint32Array.of(block, 0, 13, 0);
      philoxWords(state, 0xdeadbeef, -7);
      expect(Array.from(numbers.slice(4 * block, 4 * block + 4))).toEqual(
        Array.from(state, (word) => (word & 0x7fffff) / 2 ** 23),
      );
    }
  });

  it('depends on key and stream, and a prefix does not depend on the length', () => {
    const draw = (length: number, key: number, stream: number): number[] => {
      const out = new Float32Array(length);
      philoxUniforms(out, key, 5, stream);
      return Array.from(out);
    };
    expect(draw(5, 1, 2)).toEqual(draw(50, 1, 2).slice(0, 5));
    expect(draw(5, 1, 2)).not.toEqual(draw(5, 1, 3));
    expect(draw(5, 1, 2)).not.toEqual(draw(5, 2, 2));
    const many = draw(20_000, 9, 1);
    const mean = many.reduce((sum, value) => sum + value, 0) / many.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(many.every((value) => value >= 0 && value < 1)).toBe(true);
  });
});
