import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokenizer as NativeTokenizer } from 'tokenizers';
import { afterAll, describe, expect, it } from 'vitest';
import { readHuggingFaceFile, saveTokenizer } from '../../../../src-main/engine/data/tokenizer-files.ts';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';

const folder = mkdtempSync(join(tmpdir(), 'metalmo-tokenizer-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('saveTokenizer', () => {
  it('writes files that both this program and Hugging Face read back to the same ids', async () => {
    const original = await Tokenizer.load('tests/parity/fixtures/encode/tokenizer');
    const out = join(folder, 'saved');
    await saveTokenizer(out, original.parts);
    const text = 'The river Orrin — 12 “quotes”, naïve 😀\n  spaces';
    const [expected] = await original.encode([text]);
    const [again] = await (await Tokenizer.load(out)).encode([text]);
    expect(again).toEqual(expected);
    const fromFile = await readHuggingFaceFile(join(out, 'tokenizer.json'));
    expect(fromFile).toEqual(original.parts);
    const native = await NativeTokenizer.fromFile(join(out, 'tokenizer.json')).encode(text);
    expect(native.getIds()).toEqual([...(expected?.ids ?? [])]);
    expect(Object.keys(JSON.parse(readFileSync(join(out, 'vocab.json'), 'utf8')) as object)).toHaveLength(420);
  });

  it('never touches what is there, and leaves nothing of a vocabulary that is none', async () => {
    const { parts } = await Tokenizer.load('resources/two-moons-tokenizer');
    await expect(saveTokenizer(folder, parts)).rejects.toMatchObject({ code: 'registry/conflict' });
    const out = join(folder, 'broken');
    await expect(saveTokenizer(out, { vocabulary: { a: 0 }, merges: [] })).rejects.toThrow(/\[PAD\] is needed/);
    expect(existsSync(out)).toBe(false);
    expect(existsSync(`${out}.tmp`)).toBe(false);
  });

  it('says what is wrong with a tokenizer.json', async () => {
    const file = join(folder, 'tokenizer.json');
    await expect(readHuggingFaceFile(file)).rejects.toMatchObject({ code: 'file/not-found' });
    writeFileSync(file, '{"model": {"type": "WordPiece"}}');
    await expect(readHuggingFaceFile(file)).rejects.toThrow(/no byte-pair tokenizer/);
  });
});
