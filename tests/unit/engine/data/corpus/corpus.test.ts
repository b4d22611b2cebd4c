import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importCorpus, tokenizerDigest } from '../../../../../src-main/engine/data/corpus/import-corpus.ts';
import { openCorpus, type OpenCorpus } from '../../../../../src-main/engine/data/corpus/open-corpus.ts';
import { Tokenizer } from '../../../../../src-main/engine/data/tokenizer.ts';
import { cutWindows } from '../../../../../src-main/engine/data/windows.ts';

const TOKENIZER = 'tests/unit/fixtures/encode/tokenizer';
const LENGTH = 16;
const folder = mkdtempSync(join(tmpdir(), 'metalmo-corpus-'));
afterAll(() => rmSync(folder, { recursive: true }));

let tokenizer: Tokenizer;
let digest: string;
beforeAll(async () => {
  tokenizer = await Tokenizer.load(TOKENIZER);
  digest = tokenizerDigest(tokenizer);
});

/** Passages of the recorded examples, and odd ones: many bytes a character, one very long word of spaces. */
const TEXTS = [
  ...readFileSync('tests/unit/fixtures/encode/raw/ReCoRD/train.jsonl', 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { passage: { text: string } }).passage.text),
  'é😀 naïve — “x” 漢字',
  `a${' '.repeat(400)}b`,
  'x',
];

const importAs = (name: string, source: string, signal?: AbortSignal) =>
  importCorpus({ source, tokenizer, tokenizerFolder: TOKENIZER, folder: join(folder, name), nowMs: 1, signal });

function sourceOf(name: string, lines: readonly object[]): string {
  const file = join(folder, name);
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

const withCorpus = <T>(name: string, heldOut: number, use: (corpus: OpenCorpus) => T): T => {
  const corpus = openCorpus(join(folder, name), { length: LENGTH, heldOut, seed: 3, tokenizer: digest });
  try {
    return use(corpus);
  } finally {
    corpus.close();
  }
};

describe('an imported corpus', () => {
  beforeAll(async () => {
    const lines = TEXTS.map((text, i) => ({ title: `T${i}`, text }));
    const info = await importAs('set', sourceOf('set.jsonl', [...lines, { title: 'T0', text: 'again' }]));
    expect(info).toMatchObject({ articles: TEXTS.length, duplicateTitles: 1, bytesPerToken: 2 });
    expect(info.characters).toBe(TEXTS.reduce((sum, text) => sum + Array.from(text).length, 0));
  });

  it('has the windows that each article is cut into', async () => {
    const expected: number[][] = [];
    for (const encoding of await tokenizer.encode(TEXTS)) {
      const windows = cutWindows(encoding, undefined, { maxLength: LENGTH, stride: 0 });
      for (const { ids } of windows) expected.push([...ids].filter((id) => id !== 0));
    }
    withCorpus('set', 0, ({ train, validation }) => {
      expect(Array.from({ length: train.count }, (_, i) => [...train.read(i)])).toEqual(expected);
      expect(validation.count).toBe(0);
    });
  });

  it('finds the window that holds a character', () => {
    withCorpus('set', 0, ({ train }) => {
      const all = Array.from(TEXTS.join(''));
      expect(train.characters).toBe(all.length);
      // going through all characters gives every window's text back
      const found = new Map<number, string>();
      for (const [at, character] of all.entries()) {
        const window = train.windowAt(at);
        found.set(window, (found.get(window) ?? '') + character);
      }
      for (const [window, text] of found) {
        const decoded = tokenizer.decode(train.read(window).slice(1, -1));
        // a character whose bytes are cut belongs to the window of its first byte
        if (!decoded.includes('\uFFFD')) expect(text).toBe(decoded);
      }
      expect([...found.keys()]).toEqual([...found.keys()].sort((a, b) => a - b));
    });
  });

  it('holds articles out by seed, whole ones', () => {
    const [train, held] = withCorpus('set', 2, (corpus) => [corpus.train, corpus.validation] as const);
    const whole = withCorpus('set', 0, (corpus) => corpus.train.count);
    expect(train.count + held.count).toBe(whole);
    expect(held.count).toBeGreaterThanOrEqual(2);
    expect(withCorpus('set', 2, (corpus) => corpus.validation.characters)).toBe(held.characters);
  });

  it('is refused with another tokenizer and when damaged', async () => {
    const other = tokenizerDigest(await Tokenizer.load('resources/two-moons-tokenizer'));
    const options = { length: LENGTH, heldOut: 0, seed: 0 };
    expect(() => openCorpus(join(folder, 'set'), { ...options, tokenizer: other })).toThrow(/Import the corpus again/);
    await importAs('cut', join(folder, 'set.jsonl'));
    truncateSync(join(folder, 'cut', 'lengths.bin'), 10);
    expect(() => openCorpus(join(folder, 'cut'), { ...options, tokenizer: digest })).toThrow(/damaged/);
    expect(() => openCorpus(join(folder, 'none'), { ...options, tokenizer: digest })).toThrow(/no imported corpus/);
  });

  it('leaves nothing behind when its source is broken or it is cancelled, and what is there is left alone', async () => {
    const broken = sourceOf('broken.jsonl', [{ text: 'fine' }, { txt: 'not' }]);
    await expect(importAs('broken', broken)).rejects.toThrow(/line 2, field 'text'/);
    await expect(importAs('stopped', broken, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    await expect(importAs('empty', sourceOf('empty.jsonl', [{ text: ' ' }]))).rejects.toThrow(/holds no text/);
    for (const name of ['broken', 'stopped', 'empty']) {
      expect(existsSync(join(folder, name))).toBe(false);
      expect(existsSync(join(folder, `${name}.tmp`))).toBe(false);
    }
    await expect(importAs('set', broken)).rejects.toMatchObject({ code: 'registry/conflict' });
    expect(existsSync(join(folder, 'set', 'corpus.json'))).toBe(true);
  });
});
