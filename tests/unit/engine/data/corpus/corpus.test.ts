import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importCorpus, tokenizerDigest } from '../../../../../src-main/engine/data/corpus/import-corpus.ts';
import { openCorpus, readCorpusInfo, type OpenCorpus } from '../../../../../src-main/engine/data/corpus/open-corpus.ts';
import { Tokenizer } from '../../../../../src-main/engine/data/tokenizer.ts';
import { cutWindows } from '../../../../../src-main/engine/data/windows.ts';

const TOKENIZER = 'tests/parity/fixtures/encode/tokenizer';
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
  ...readFileSync('tests/parity/fixtures/encode/raw/ReCoRD/train.jsonl', 'utf8')
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
    const open = () => openCorpus(join(folder, 'cut'), { ...options, tokenizer: digest });
    for (const name of ['lengths.bin', 'tokens.bin', 'articles.bin']) {
      truncateSync(join(folder, 'cut', name), 10);
      expect(open).toThrow(`${name} is damaged`);
      copyFileSync(join(folder, 'set', name), join(folder, 'cut', name));
    }
    open().close();
    const starts = readFileSync(join(folder, 'cut', 'articles.bin'));
    writeFileSync(join(folder, 'cut', 'articles.bin'), starts.fill(0xff, 16, 24));
    expect(open).toThrow('articles.bin is damaged');
    rmSync(join(folder, 'cut', 'lengths.bin'));
    expect(open).toThrow('damaged');
    expect(() => openCorpus(join(folder, 'none'), { ...options, tokenizer: digest })).toThrow(/no imported corpus/);
  });

  it('counts what it leaves out, and knows imports that did not', async () => {
    const source = sourceOf('gaps.jsonl', [
      { title: 'A', text: 'one' },
      { title: 'B', text: '' },
      { text: ' \n' },
      { title: 'A', text: 'two' },
      { title: '', text: 'three' },
      { title: '', text: 'four' },
    ]);
    expect(await importAs('gaps', source)).toMatchObject({ articles: 3, emptyArticles: 2, duplicateTitles: 1 });
    const file = join(folder, 'gaps', 'corpus.json');
    const { emptyArticles: _left, ...early } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify(early));
    expect(readCorpusInfo(join(folder, 'gaps')).emptyArticles).toBe(0);
    writeFileSync(file, JSON.stringify({ ...early, version: 2 }));
    expect(() => readCorpusInfo(join(folder, 'gaps'))).toThrow(/version[^]*Import the corpus again/);
  });

  it('takes lines and articles of 10 MB', async () => {
    const text = `${'The river in the hills and the river in the hills. é😀 '.repeat(185_000)}end`;
    const plain = join(folder, 'plain.txt');
    writeFileSync(plain, text);
    for (const source of [plain, sourceOf('long.jsonl', [{ text }])]) {
      const name = `long-${source === plain ? 'plain' : 'json'}`;
      const info = await importAs(name, source);
      expect(info).toMatchObject({ articles: 1, characters: Array.from(text).length });
      const tokens = new Uint16Array(new Uint8Array(readFileSync(join(folder, name, 'tokens.bin'))).buffer);
      expect(tokens.length).toBe(info.tokens);
      expect(text.endsWith(tokenizer.decode(tokens.subarray(-1000)))).toBe(true);
    }
  }, 120_000);

  const brokenSources: [what: string, name: string, content: string | Buffer, message: RegExp][] = [
    ['a line without text', 'no-text.jsonl', '{"text": "fine"}\n{"txt": "not"}\n', /line 2, field 'text'/],
    ['a file that ends too early', 'short.jsonl', '{"text": "fine"}\n{"text": "no', /line 2 is not JSON/],
    [
      'Latin 1',
      'latin.txt',
      Buffer.from('fine\n\ncaf\xe9 au lait\n', 'latin1'),
      /line 3: foreign byte 0xe9 at byte 9 /,
    ],
    ['UTF-16', 'wide.txt', Buffer.from('fine\n\nmore', 'utf16le'), /line 1: foreign byte 0x00 at byte 1 .*UTF-16/],
    ['no text at all', 'blank.jsonl', '{"text": " "}\n', /holds no text/],
  ];
  it.each(brokenSources)('leaves nothing of %s', async (_what, name, content, message) => {
    const source = join(folder, name);
    writeFileSync(source, content);
    const before = readdirSync(folder);
    await expect(importAs('broken', source)).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('leaves nothing behind when it is cancelled, at the start or later, and what is there is left alone', async () => {
    const source = sourceOf(
      'big.jsonl',
      Array.from({ length: 40 }, () => ({ text: 'some words. '.repeat(9000) })),
    );
    const before = readdirSync(folder);
    await expect(importAs('stopped', source, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    const stop = new AbortController();
    const request = { source, tokenizer, tokenizerFolder: TOKENIZER, folder: join(folder, 'stopped'), nowMs: 1 };
    let reports = 0;
    const onProgress = (): void => {
      if (++reports === 2) stop.abort();
    };
    const stopped = importCorpus({ ...request, onProgress, signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(reports).toBe(2);
    expect(readdirSync(folder)).toEqual(before);
    await expect(importAs('set', source)).rejects.toMatchObject({ code: 'registry/conflict' });
    expect(existsSync(join(folder, 'set', 'corpus.json'))).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('leaves nothing where the disk takes no more', async () => {
    const source = sourceOf('huge.jsonl', [{ text: 'some words. '.repeat(90_000) }]);
    const before = readdirSync(folder);
    // no file may grow beyond 64 blocks, which is how a system call fails for want of room
    const script = `
      import { importCorpus } from './src-main/engine/data/corpus/import-corpus.ts';
      import { Tokenizer } from './src-main/engine/data/tokenizer.ts';
      const tokenizer = await Tokenizer.load('${TOKENIZER}');
      const [source, folder] = process.argv.slice(1);
      await importCorpus({ source, tokenizer, tokenizerFolder: '', folder, nowMs: 1 }).catch((error) => {
        console.log(error.code, error.message);
      });`;
    const args = ['-c', 'ulimit -f 64; exec "$0" --input-type=module -e "$1" "$2" "$3"'];
    const given = [process.execPath, script, source, join(folder, 'full')];
    const { stdout } = spawnSync('sh', [...args, ...given], { encoding: 'utf8' });
    expect(stdout).toMatch(/^file\/io Cannot write .*tokens\.bin: EFBIG/);
    expect(readdirSync(folder)).toEqual(before);
  });
});
