import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BPE, byteLevelPreTokenizer, Tokenizer as NativeTokenizer } from 'tokenizers';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SPECIAL_TOKENS } from '../../../../src-main/engine/data/special-tokens.ts';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { trainBpe } from '../../../../src-main/engine/data/train-bpe.ts';
import { WordCounts } from '../../../../src-main/engine/data/word-counts.ts';

/** Real sentences with a few odd characters: the recorded passages of the tasks. */
const TEXT = ['BoolQ', 'CB', 'ReCoRD', 'WiC', 'WSC']
  .map((task) => readFileSync(`tests/parity/fixtures/encode/raw/${task}/train.jsonl`, 'utf8'))
  .join('\n');

function countsOf(text: string, most?: number): WordCounts {
  const counts = new WordCounts(most);
  counts.add(text);
  return counts;
}

const NativeFile = z.object({ model: z.object({ merges: z.array(z.tuple([z.string(), z.string()])) }) });

describe('trainBpe', () => {
  it("merges what Hugging Face's trainer merges, in its order", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'metalmo-bpe-'));
    try {
      const file = join(folder, 'text.txt');
      // one line: the library trains line by line and would keep each line's end to itself
      const text = TEXT.replaceAll('\n', ' ');
      writeFileSync(file, text);
      const native = new NativeTokenizer(BPE.empty());
      native.setPreTokenizer(byteLevelPreTokenizer(false, true));
      native.train([file]);
      native.save(join(folder, 'tokenizer.json'));
      const { merges } = NativeFile.parse(JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8'))).model;
      const trained = await trainBpe(countsOf(text).entries(), {
        vocabularySize: 30_000,
        minFrequency: 0,
        specialTokens: [],
        seenBytesOnly: true,
      });
      expect(merges.length).toBeGreaterThan(300);
      expect(trained.merges).toEqual(merges);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('puts special tokens and all bytes first and stops at the size', async () => {
    const { vocabulary, merges } = await trainBpe(countsOf(TEXT).entries(), { vocabularySize: 400, minFrequency: 1 });
    expect(Object.keys(vocabulary)).toHaveLength(400);
    expect(SPECIAL_TOKENS.map((token) => vocabulary[token])).toEqual(SPECIAL_TOKENS.map((_token, id) => id));
    expect(merges).toHaveLength(400 - 33 - 256);
    const tokenizer = new Tokenizer(vocabulary, merges);
    const odd = 'Ça va 😀\u0000? naïve';
    const [encoding] = await tokenizer.encode([odd]);
    expect(tokenizer.decode(encoding?.ids ?? [])).toBe(odd);
  });

  it('merges nothing that is seen less often than asked', async () => {
    const counts = countsOf('aaab aaab aaab xy');
    const { merges } = await trainBpe(counts.entries(), { vocabularySize: 1000, minFrequency: 2 });
    // 'aa' of 'Ġaaab' (2) and 'aaab' (1), then longer ones; 'xy' occurs once
    expect(merges[0]).toEqual(['a', 'a']);
    expect(merges.flat().join('')).not.toMatch(/x/);
  });

  it('refuses a vocabulary without room, and stops when asked to', async () => {
    await expect(trainBpe([], { vocabularySize: 288, minFrequency: 1 })).rejects.toThrow(/need 289/);
    const signal = AbortSignal.abort();
    const training = trainBpe(countsOf(TEXT).entries(), { vocabularySize: 2000, minFrequency: 0, signal });
    await expect(training).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('WordCounts', () => {
  it('splits as GPT-2 does', () => {
    const words = [...countsOf("It's  5 o'clock, isn't it?\n ok").entries()].map(([word]) => word);
    expect(words).toEqual(['It', "'s", 'Ġ', 'Ġ5', 'Ġo', "'", 'clock', ',', 'Ġisn', "'t", 'Ġit', '?', 'Ċ', 'Ġok']);
  });

  it('lets the rarest words go when there are too many, and says how many occurrences that were', () => {
    const counts = countsOf('a a a b b c d e', 4);
    // of a (1), Ġa (2), Ġb (2), Ġc, Ġd, Ġe (1 each) those seen once go
    expect(Object.fromEntries(counts.entries())).toEqual({ Ġa: 2, Ġb: 2 });
    expect(counts.dropped).toBe(4);
  });
});
