import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textPieces } from '../../../../../src-main/engine/data/corpus/text-pieces.ts';
import { Tokenizer } from '../../../../../src-main/engine/data/tokenizer.ts';

const TEXTS = {
  sample: readFileSync('resources/text-sample/corpus.jsonl', 'utf8').slice(0, 30_000),
  'scripts without spaces': '河は北の丘から流れる。そして海に出る、春には水が多い。\n'.repeat(40),
  'odd spaces': `a  b   c\n\n d \t e's  ''s "x" — 12 3\u00a04 é\n`.repeat(60),
};

describe('textPieces', () => {
  it.each(Object.entries(TEXTS))('cuts only where no token is cut: %s', async (_name, text) => {
    const tokenizer = await Tokenizer.load('resources/text-sample/tokenizer');
    const [whole] = await tokenizer.encode([text]);
    for (const length of [16, 100, 1000]) {
      const pieces = textPieces(text, length);
      expect(pieces.length).toBeGreaterThan(text.length / length / 3);
      expect(pieces.join('')).toBe(text);
      const ids = (await tokenizer.encode(pieces)).flatMap((encoding) => [...encoding.ids]);
      expect(ids).toEqual([...(whole?.ids ?? [])]);
    }
  });

  it('keeps what has no end of a word together', () => {
    expect(textPieces('x'.repeat(100), 10)).toEqual(['x'.repeat(100)]);
    expect(textPieces(`${'x'.repeat(50)} yy zz`, 10)).toEqual(['x'.repeat(50), ' yy zz']);
    expect(textPieces('', 10)).toEqual([]);
  });
});
