import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BPE, byteLevelPreTokenizer, Tokenizer as NativeTokenizer } from 'tokenizers';
import { describe, expect, it } from 'vitest';
import { SPECIAL_TOKENS } from '../../../../src-main/engine/data/special-tokens.ts';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { RandomGenerator } from '../../../../src-main/engine/random/random-generator.ts';

// recorded texts and ids are compared in tests/parity/texts.test.ts

const ODD_PARTS = [
  ...[
    'the',
    ' over',
    'ing',
    ' 12',
    '3',
    "'s",
    "'",
    '’',
    ' ',
    '  ',
    '\n',
    '\t',
    '\r\n',
    '.',
    ' — ',
    '[SEP]',
    'x'.repeat(30),
  ],
  ...[
    'é',
    '😀',
    '漢字',
    '\u0085',
    '\ufeff',
    '\u00a0',
    '\u3000',
    '\u200b',
    '\u0301',
    '\ud800',
    '\u{10940}',
    '０',
    '²',
    'ﬀ',
  ],
];

describe('Tokenizer', () => {
  it('refuses ids it does not have', async () => {
    const tokenizer = await Tokenizer.load('resources/two-moons-tokenizer');
    expect(() => tokenizer.decode([100_000])).toThrow(/outside the vocabulary/);
  });

  it.each([
    'resources/two-moons-tokenizer',
    'resources/text-sample/tokenizer',
    'tests/parity/fixtures/encode/tokenizer',
  ])('agrees with the library on any text, bytes without a token included: %s', async (folder) => {
    const tokenizer = await Tokenizer.load(folder);
    const library = new NativeTokenizer(BPE.init(tokenizer.parts.vocabulary, tokenizer.parts.merges));
    library.setPreTokenizer(byteLevelPreTokenizer(false, true));
    const random = new RandomGenerator(7, 'init');
    const texts = Array.from({ length: 2000 }, () => {
      const parts = Array.from({ length: random.integer(30) }, () =>
        random.integer(4) === 0
          ? String.fromCodePoint(random.integer(0x11000))
          : (ODD_PARTS[random.integer(ODD_PARTS.length)] ?? ''),
      );
      return parts.join('');
    });
    const expected = await library.encodeBatch(texts, { addSpecialTokens: false });
    for (const [i, { ids, offsets }] of (await tokenizer.encode(texts)).entries()) {
      expect([...ids], texts[i]).toEqual(expected[i]?.getIds());
      expect([...offsets], texts[i]).toEqual(expected[i]?.getOffsets().flat());
    }
  });

  it('forgets words when there are too many, and goes on the same', async () => {
    const tokenizer = await Tokenizer.load('resources/text-sample/tokenizer');
    const text = 'The river Säve flows.';
    const [first] = await tokenizer.encode([text]);
    const many = Array.from({ length: 300_000 }, (_, i) => i.toString(36)).join(' ');
    await tokenizer.encode([many]);
    expect(await tokenizer.encode([text])).toEqual([first]);
  });

  it('refuses merges of tokens it does not have', async () => {
    const { parts } = await Tokenizer.load('resources/two-moons-tokenizer');
    expect(() => new Tokenizer(parts.vocabulary, [...parts.merges, ['q', 'q']])).toThrow(
      /"q q".*not in its vocabulary/,
    );
  });

  it('says what is wrong with tokenizer files', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'metalmo-tokenizer-'));
    await expect(Tokenizer.load(directory)).rejects.toMatchObject({ code: 'file/not-found' });
    await writeFile(join(directory, 'vocab.json'), '{"a": 0}');
    await writeFile(join(directory, 'merges.txt'), '#version: 0.2\n');
    await expect(Tokenizer.load(directory)).rejects.toThrow(/\[PAD\] is needed/);
    await writeFile(join(directory, 'vocab.json'), '{"a": ');
    await expect(Tokenizer.load(directory)).rejects.toMatchObject({ code: 'file/invalid' });
    const vocabulary = Object.fromEntries(SPECIAL_TOKENS.map((token, id) => [token, id]));
    await writeFile(join(directory, 'vocab.json'), JSON.stringify(vocabulary));
    await writeFile(join(directory, 'merges.txt'), '#version: 0.2\na b c\n');
    await expect(Tokenizer.load(directory)).rejects.toThrow(/two tokens/);
  });
});
