import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  readArticles,
  type Article,
  type ReadOptions,
} from '../../../../../src-main/engine/data/corpus/read-articles.ts';
import { textFilesOf } from '../../../../../src-main/engine/data/corpus/text-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'metalmo-corpus-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function articlesOf(file: string, options: ReadOptions = {}): Promise<Article[]> {
  const articles: Article[] = [];
  for await (const article of readArticles(file, options)) articles.push(article);
  return articles;
}

describe('readArticles', () => {
  it('takes blocks of plain text, whatever ends their lines', async () => {
    const file = fileOf('plain.txt', '\uFEFFfirst line\r\nsecond line\r\n\r\n\r\n  \nanother é 😀\n');
    expect(await articlesOf(file)).toEqual([
      { title: '', text: 'first line\nsecond line', line: 1 },
      { title: '', text: 'another é 😀', line: 6 },
    ]);
  });

  it('takes WikiText by its titles, sections staying inside, and leaves empty articles out', async () => {
    const file = fileOf(
      'wiki.raw',
      ' \n = One = \n \n Text of one . \n\n = = Section = = \n More . \n = Empty = \n\n = Two = \n End .',
    );
    let empty = 0;
    expect(await articlesOf(file, { onEmpty: () => empty++ })).toEqual([
      { title: 'One', text: 'Text of one . \n\n = = Section = = \n More .', line: 2 },
      { title: 'Two', text: 'End .', line: 10 },
    ]);
    expect(empty).toBe(1);
  });

  it('takes jsonl with long lines, and says file, line and field of what is wrong', async () => {
    const long = 'word '.repeat(2_100_000);
    const good = fileOf('good.jsonl', `{"id": 1, "title": "T", "text": "a"}\n\n{"text": ""}\n{"text": "${long}"}`);
    const articles = await articlesOf(good);
    expect(articles.map(({ title, text, line }) => [title, text.length, line])).toEqual([
      ['T', 1, 1],
      ['', long.length, 4],
    ]);
    await expect(articlesOf(fileOf('bad.jsonl', '{"text": "a"}\n{"txt": "b"}'))).rejects.toThrow(
      /line 2, field 'text'/,
    );
    await expect(articlesOf(fileOf('cut.jsonl', '{"text": "a"}\n{"text": "b'))).rejects.toThrow(/line 2 is not JSON/);
  });

  it('says at which line and byte a file stops being UTF-8', async () => {
    const start = `${'one two '.repeat(15)}\n`.repeat(12_000);
    const file = fileOf('latin1.txt', Buffer.concat([Buffer.from(start), Buffer.from('caf\xe9 au lait\n', 'latin1')]));
    await expect(articlesOf(file)).rejects.toMatchObject({
      code: 'file/invalid',
      message: expect.stringMatching(/latin1\.txt, line 12001: foreign byte 0xe9 at byte 1452003 /) as string,
      details: { file, line: 12_001, byte: 1_452_003 },
    });
    const cut = fileOf('cut.txt', Buffer.from('fine é\n\n漢字').subarray(0, -1));
    await expect(articlesOf(cut)).rejects.toThrow(/line 3: foreign byte 0xe5 at byte 12 /);
  });

  it('takes characters whose bytes are read apart', async () => {
    const text = '漢字 '.repeat(600_000).trimEnd();
    const [article] = await articlesOf(fileOf('wide.txt', text));
    expect(article?.text === text).toBe(true);
  });

  it('stops when asked to', async () => {
    const file = fileOf('more.txt', 'text\n');
    await expect(articlesOf(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('textFilesOf', () => {
  it('takes a file, or the text files of a folder in order', async () => {
    const inner = join(folder, 'set', 'b');
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, 'z.txt'), 'zz');
    writeFileSync(join(folder, 'set', 'a.jsonl'), '{}');
    writeFileSync(join(folder, 'set', 'picture.png'), 'no');
    expect(await textFilesOf(join(folder, 'set'))).toEqual({
      files: [join(folder, 'set', 'a.jsonl'), join(inner, 'z.txt')],
      bytes: 4,
    });
    expect(await textFilesOf(join(inner, 'z.txt'))).toEqual({ files: [join(inner, 'z.txt')], bytes: 2 });
    await expect(textFilesOf(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'file/not-found' });
    mkdirSync(join(folder, 'empty'));
    await expect(textFilesOf(join(folder, 'empty'))).rejects.toThrow(/holds no text files/);
  });
});
