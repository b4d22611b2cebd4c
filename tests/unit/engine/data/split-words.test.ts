import { byteLevelPreTokenizer } from 'tokenizers';
import { describe, expect, it } from 'vitest';
import { encodeByteLevel } from '../../../../src-main/engine/data/byte-alphabet.ts';
import { splitWords } from '../../../../src-main/engine/data/split-words.ts';

const library = byteLevelPreTokenizer(false, true);
/** Planes with characters in them; those between are empty. */
const PLANES = [0, 1, 2, 3, 0xe];
const CHUNK = 0x1000;

const differs = (text: string): boolean => {
  const expected = library.preTokenizeString(text).map(([word]) => word);
  return splitWords(text).map(encodeByteLevel).join('|') !== expected.join('|');
};

describe('splitWords', () => {
  it('takes every character for what the library takes it', () => {
    const wrong: string[] = [];
    for (const plane of PLANES) {
      for (let first = plane << 16; first < (plane + 1) << 16; first += CHUNK) {
        // surrogates alone are none
        if (first >= 0xd800 && first < 0xe000) continue;
        const points = Array.from({ length: CHUNK }, (_, i) => first + i).filter(
          (point) => point < 0xd800 || point > 0xdfff,
        );
        const textOf = (point: number): string => `a${String.fromCodePoint(point)}1${String.fromCodePoint(point)} .\n`;
        if (!differs(points.map(textOf).join(''))) continue;
        wrong.push(...points.filter((point) => differs(textOf(point))).map((point) => point.toString(16)));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('gives a text back, odd ones too', () => {
    for (const text of ['', ' ', "it's  a\n\n 'test' 12 é😀", 'a\ud800b', '\ufeff\u0085x']) {
      expect(splitWords(text).join('')).toBe(text);
    }
    expect(splitWords("I'll go,  now\n")).toEqual(['I', "'ll", ' go', ',', ' ', ' now', '\n']);
  });
});
