import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importCorpus } from '../../../../../src-main/engine/data/corpus/import-corpus.ts';
import { heldOutArticles } from '../../../../../src-main/engine/data/corpus/open-corpus.ts';
import { answerDataQuery } from '../../../../../src-main/engine/data/inspect/answer-data-query.ts';
import { OpenTokenizers } from '../../../../../src-main/engine/data/inspect/open-tokenizers.ts';
import { tokenPieces } from '../../../../../src-main/engine/data/inspect/token-pieces.ts';
import { Tokenizer } from '../../../../../src-main/engine/data/tokenizer.ts';
import { ArticlePage, EncodedText, VocabularyPage } from '../../../../../src-shared/ipc/data-protocol.ts';

const TOKENIZER = 'resources/text-sample/tokenizer';
const TEXTS = Array.from({ length: 9 }, (_, i) => `Article ${i}: naïve café 😀 in the town of Velwick.`);

let directory: string;
let folder: string;
const tokenizers = new OpenTokenizers();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'metalmo-inspect-'));
  folder = join(directory, 'corpus');
  writeFileSync(join(directory, 'text.txt'), TEXTS.join('\n\n'));
  await importCorpus({
    source: join(directory, 'text.txt'),
    tokenizer: await Tokenizer.load(TOKENIZER),
    tokenizerFolder: TOKENIZER,
    folder,
    nowMs: 0,
  });
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const articles = async (part: 'all' | 'train' | 'held-out', from = 0, count = 100, tokens = 2000) =>
  ArticlePage.parse(
    await answerDataQuery(
      { kind: 'articles', folder, tokenizerFolder: TOKENIZER, part, heldOut: 3, seed: 0, tokens, from, count },
      tokenizers,
    ),
  );

describe('articles', () => {
  it('are spelled as they were, whole characters each, with what is held out', async () => {
    const { total, rows } = await articles('all');
    expect(total).toBe(9);
    expect(rows.map(({ pieces }) => pieces.map(({ text }) => text).join(''))).toEqual(TEXTS);
    expect(rows.map(({ characters }) => characters)).toEqual(TEXTS.map((text) => Array.from(text).length));
    const smiley = rows[0]?.pieces.find(({ text }) => text.includes('😀'));
    expect(smiley?.ids.length).toBeGreaterThan(1);
    const heldOut = [...heldOutArticles(9, 3, 0)].sort((a, b) => a - b);
    expect(rows.filter(({ isHeldOut }) => isHeldOut).map(({ article }) => article)).toEqual(heldOut);
  });

  it('come by part and page, cut where they are long', async () => {
    const all = await articles('all');
    const inTraining = all.rows.filter(({ isHeldOut }) => !isHeldOut);
    expect(await articles('train')).toEqual({ total: 6, rows: inTraining });
    expect(await articles('train', 2, 3)).toEqual({ total: 6, rows: inTraining.slice(2, 5) });
    expect((await articles('held-out', 2, 5)).rows).toEqual(all.rows.filter((row) => row.isHeldOut).slice(2));
    const [short] = (await articles('all', 0, 1, 4)).rows;
    expect(short?.pieces.flatMap(({ ids }) => ids)).toEqual(all.rows[0]?.pieces.flatMap(({ ids }) => ids).slice(0, 4));
  });

  it('are refused with another tokenizer', async () => {
    const query = { kind: 'articles', folder, part: 'all', heldOut: 3, seed: 0, tokens: 9, from: 0, count: 1 } as const;
    const asked = answerDataQuery({ ...query, tokenizerFolder: 'resources/two-moons-tokenizer' }, tokenizers);
    await expect(asked).rejects.toThrow(/imported with another tokenizer/);
  });
});

describe('vocabulary', () => {
  it('finds by text, by id, and pages', async () => {
    const find = async (search: string, from = 0, count = 500) =>
      VocabularyPage.parse(
        await answerDataQuery({ kind: 'vocabulary', folder: TOKENIZER, search, from, count }, tokenizers),
      );
    const all = await find('');
    expect(all.total).toBe(1000);
    expect(all.rows[2]).toEqual({ id: 2, token: '[SEP]', text: '[SEP]' });
    const the = await find('THE');
    expect(the.rows.map(({ text }) => text)).toContain(' the');
    expect((await find('THE', 1, 1)).rows).toEqual(the.rows.slice(1, 2));
    expect((await find('517')).rows).toMatchObject([{ id: 517 }]);
    expect(await find('no such entry')).toEqual({ total: 0, rows: [] });
  });
});

describe('encode', () => {
  it('gives ids, tokens and code points', async () => {
    const answer = await answerDataQuery({ kind: 'encode', folder: TOKENIZER, text: 'a 😀b' }, tokenizers);
    const { tokens } = EncodedText.parse(answer);
    expect([tokens[0]?.start, tokens[0]?.end, tokens.at(-1)?.start, tokens.at(-1)?.end]).toEqual([0, 1, 3, 4]);
  });
});

describe('tokenPieces', () => {
  it('leaves half a character a piece of its own', () => {
    const names = ['a', 'Ã', 'b'];
    expect(tokenPieces([0, 1, 2], (id) => names[id])).toEqual([
      { ids: [0], text: 'a' },
      { ids: [1], text: '\ufffd' },
      { ids: [2], text: 'b' },
    ]);
  });
});
