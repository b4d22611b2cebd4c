import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTokenizer } from '../../../../src-main/engine/data/find-tokenizer.ts';
import { importTokenizer } from '../../../../src-main/engine/data/import-tokenizer.ts';
import { readTokenizerAbout } from '../../../../src-main/engine/data/tokenizer-about.ts';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import { trainTokenizer } from '../../../../src-main/engine/data/train-tokenizer.ts';
import type { DataProgress } from '../../../../src-shared/ipc/data-protocol.ts';

const TEXT = readFileSync('resources/text-sample/corpus.jsonl');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'metalmo-train-tokenizer-'));
  writeFileSync(join(directory, 'text.jsonl'), TEXT);
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const training = (folder: string) => ({
  sources: [join(directory, 'text.jsonl')],
  vocabularySize: 500,
  minFrequency: 2,
  folder: join(directory, folder),
  nowMs: 7,
});

describe('trainTokenizer', () => {
  it('counts, merges and writes, and says how far it is', async () => {
    const reports: DataProgress[] = [];
    const trained = await trainTokenizer({ ...training('bpe'), onProgress: (progress) => reports.push(progress) });
    expect(trained).toMatchObject({ entries: 500, articles: 600, bytes: TEXT.length, droppedWords: 0 });
    const shares = reports.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    expect(new Set(reports.map(({ phase }) => phase))).toEqual(new Set(['counting words', 'merging']));
    expect((await Tokenizer.load(join(directory, 'bpe'))).size).toBe(500);
    expect(await readTokenizerAbout(join(directory, 'bpe'))).toMatchObject({
      made: 'trained',
      atMs: 7,
      sources: [join(directory, 'text.jsonl')],
      training: { vocabularySize: 500, minFrequency: 2, articles: 600, words: trained.words },
    });
  });

  it('reads a file once that several sources name', async () => {
    const sources = [join(directory, 'text.jsonl'), directory];
    expect((await trainTokenizer({ ...training('bpe'), sources })).articles).toBe(600);
  });

  it('leaves nothing where it is cancelled, refused or has no text', async () => {
    const cancelled = trainTokenizer({ ...training('bpe'), signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    const halfway = new AbortController();
    const stopped = trainTokenizer({
      ...training('bpe'),
      signal: halfway.signal,
      onProgress: ({ phase }) => phase === 'merging' && halfway.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    writeFileSync(join(directory, 'empty.txt'), '\n\n');
    const empty = trainTokenizer({ ...training('bpe'), sources: [join(directory, 'empty.txt')] });
    await expect(empty).rejects.toThrow(/holds no text/);
    expect(existsSync(join(directory, 'bpe'))).toBe(false);
    mkdirSync(join(directory, 'bpe'));
    await expect(trainTokenizer(training('bpe'))).rejects.toMatchObject({ code: 'registry/conflict' });
  });
});

describe('importTokenizer', () => {
  it('takes a folder or a tokenizer.json, and notes where it came from', async () => {
    const shipped = 'resources/text-sample/tokenizer';
    const folder = join(directory, 'data/tokenizers/a');
    expect(await importTokenizer({ source: shipped, folder, nowMs: 3 })).toBe(1000);
    const file = join(folder, 'tokenizer.json');
    await importTokenizer({ source: file, folder: join(directory, 'data/tokenizers/b'), nowMs: 4 });
    const [a, b] = [await Tokenizer.load(folder), await Tokenizer.load(join(directory, 'data/tokenizers/b'))];
    expect(b.parts).toEqual(a.parts);
    expect(await readTokenizerAbout(folder)).toEqual({ made: 'imported', atMs: 3, sources: [shipped] });
    const missing = importTokenizer({ source: join(directory, 'none'), folder: join(directory, 'c'), nowMs: 0 });
    await expect(missing).rejects.toMatchObject({ code: 'file/not-found' });
  });
});

describe('findTokenizer', () => {
  it('knows names of the home and folders', async () => {
    const data = join(directory, 'data');
    const folder = join(data, 'tokenizers/mine');
    await importTokenizer({ source: 'resources/text-sample/tokenizer', folder, nowMs: 0 });
    expect(findTokenizer(data, 'mine')).toBe(folder);
    expect(findTokenizer(data, folder)).toBe(folder);
    expect(() => findTokenizer(data, 'yours')).toThrow(/no tokenizer 'yours' in .*tokenizers/);
  });
});
