import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { cutWindows } from '../../../../src-main/engine/data/windows.ts';
import { readJsonFixture } from '../../../support/fixtures.ts';

interface RecordedWindow {
  ids: number[];
  type_ids: number[];
  offsets: number[][];
}
interface TruncationCase {
  max_length: number;
  stride: number;
  a?: string;
  b?: string | null;
  encoding?: RecordedWindow & { overflowing: RecordedWindow[] };
}

describe('cutWindows', () => {
  it('cuts single texts and pairs as the reference tokenizer, or refuses where that crashes', async () => {
    const tokenizer = await Tokenizer.load('tests/unit/fixtures/encode/tokenizer');
    const cases = readJsonFixture<TruncationCase[]>('tokenizer/pair_truncation.json');
    let refused = 0;
    for (const { max_length: maxLength, stride, a = 'x', b, encoding } of cases) {
      const [first, second] = await tokenizer.encode(b == null ? [a] : [a, b]);
      if (first === undefined) throw new Error('one text must give one encoding');
      if (encoding === undefined) {
        expect(() => cutWindows(first, second, { maxLength, stride })).toThrow(/stride/);
        refused++;
        continue;
      }
      const windows = cutWindows(first, second, { maxLength, stride });
      const found = windows.map(({ ids, typeIds, offsets }) => [[...ids], [...typeIds], [...offsets]]);
      const { overflowing, ...whole } = encoding;
      expect(found).toEqual([whole, ...overflowing].map((w) => [w.ids, w.type_ids, w.offsets.flat()]));
    }
    expect(refused).toBeGreaterThan(2);
    expect(cases.length - refused).toBeGreaterThan(50);
  });

  it('refuses windows without room', async () => {
    const tokenizer = await Tokenizer.load('resources/two-moons-tokenizer');
    const [text] = await tokenizer.encode(['1 2']);
    if (text === undefined) throw new Error('no encoding');
    expect(() => cutWindows(text, undefined, { maxLength: 2, stride: 0 })).toThrow(/no room/);
  });
});
