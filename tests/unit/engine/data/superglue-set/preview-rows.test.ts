import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importSuperGlue } from '../../../../../src-main/engine/data/superglue-set/import-superglue.ts';
import { previewRows } from '../../../../../src-main/engine/data/superglue-set/preview-rows.ts';
import { readSuperGlueInfo } from '../../../../../src-main/engine/data/superglue-set/read-superglue.ts';

const folder = mkdtempSync(join(tmpdir(), 'metalmo-preview-'));
const set = join(folder, 'set');
const ROWS = 600;

beforeAll(async () => {
  // two questions with two answers each a row, so that rows and examples are counted apart; umlauts, so that bytes are
  const row = (i: number) => ({
    idx: i,
    passage: {
      text: `Über Zeile ${i}.`,
      questions: [0, 1].map((q) => ({
        idx: 2 * i + q,
        question: `q${q}?`,
        answers: [0, 1].map((a) => ({ idx: 4 * i + 2 * q + a, text: `a${a}`, label: a })),
      })),
    },
  });
  const source = join(folder, 'MultiRC');
  mkdirSync(source);
  const lines = Array.from({ length: ROWS }, (_, i) => `${JSON.stringify(row(i))}\n${i % 100 === 0 ? '\n' : ''}`);
  writeFileSync(join(source, 'train.jsonl'), lines.join(''));
  await importSuperGlue({ source, folder: set, nowMs: 0, partial: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a preview', () => {
  it('shows examples from anywhere in a split', async () => {
    for (const offset of [0, 1, 1023, 1024, 1025, 2047, 2398]) {
      const { total, rows } = await previewRows(set, 'MultiRC', 'train', offset, 3);
      expect(total).toBe(4 * ROWS);
      const wanted = [offset, offset + 1, offset + 2].filter((idx) => idx < total);
      expect(rows).toEqual(
        wanted.map((idx) => ({
          idx,
          a: `Question: q${Math.floor(idx / 2) % 2}? Answer: a${idx % 2}`,
          b: `Über Zeile ${Math.floor(idx / 4)}.`,
          label: String(idx % 2),
        })),
      );
    }
    expect((await previewRows(set, 'MultiRC', 'train', 4 * ROWS, 3)).rows).toEqual([]);
    expect((await previewRows(set, 'MultiRC', 'train', 0, 0)).rows).toEqual([]);
  });

  it('finds each 256th row by its index', () => {
    const index = readSuperGlueInfo(set).tasks['MultiRC']?.splits.train?.index ?? [];
    const bytes = readFileSync(join(set, 'MultiRC/train.jsonl'));
    expect(index.map(([, examples]) => examples)).toEqual([0, 1024, 2048]);
    for (const [at, examples] of index)
      expect(bytes.toString('utf8', at)).toMatch(new RegExp(`^\\{"idx":${examples / 4},`));
  });

  it('shows answers, and none where a split has no labels', async () => {
    const all = join(folder, 'all');
    await importSuperGlue({ source: 'resources/text-sample/superglue', folder: all, nowMs: 0 });
    const [first] = (await previewRows(all, 'ReCoRD', 'train', 0, 1)).rows;
    expect(first?.a).toContain('@placeholder');
    expect(first?.b).toContain(`*${first?.label?.split(' | ')[0] ?? 'no answer'}*`);
    expect((await previewRows(all, 'ReCoRD', 'test', 0, 1)).rows[0]?.label).toBeNull();
    expect((await previewRows(all, 'CB', 'test', 0, 1)).rows[0]?.label).toBeNull();
    expect((await previewRows(all, 'AX-g', 'test', 15, 5)).rows).toHaveLength(1);
  });

  it('says that the set is damaged', async () => {
    expect(() => readSuperGlueInfo(folder)).toThrow(`${folder} holds no imported SuperGLUE set.`);
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'superglue.json'), '{"version":1}');
    await expect(previewRows(broken, 'CB', 'train', 0, 1)).rejects.toMatchObject({
      code: 'file/invalid',
      message: expect.stringContaining('superglue.json is damaged') as string,
    });
  });
});
