import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { foreignByteAt } from '../../../../../src-main/engine/data/corpus/foreign-byte.ts';
import { RandomGenerator } from '../../../../../src-main/engine/random/random-generator.ts';

describe('foreignByteAt', () => {
  it('agrees with the system on every sequence of two bytes and on random ones', () => {
    const random = new RandomGenerator(1, 'init');
    /** Bytes at which rules change. */
    const edges = [
      0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
    ];
    const samples = Array.from({ length: 256 * 256 }, (_, i) => [i >> 8, i & 255]);
    for (let i = 0; i < 20_000; i++)
      samples.push(Array.from({ length: 6 }, () => edges[random.integer(edges.length)] ?? 0));
    for (const sample of samples) {
      const bytes = Uint8Array.from(sample);
      const at = foreignByteAt(bytes);
      if (isUtf8(bytes) !== at < 0 || (at >= 0 && !isUtf8(bytes.subarray(0, at))))
        expect.fail(`${sample.join()}: ${at}`);
    }
    expect(foreignByteAt(Buffer.from('é漢😀'))).toBe(-1);
    expect(foreignByteAt(Buffer.from('é漢😀').subarray(0, -1))).toBe(5);
  });
});
