import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import type { ArticlePage, DataQuery } from '../../../../src-shared/ipc/data-protocol.ts';
import { CORPUS_FILES, type CorpusInfo } from '../corpus/corpus-files.ts';
import { tokenizerDigest } from '../corpus/import-corpus.ts';
import { heldOutArticles, readCorpusInfo } from '../corpus/open-corpus.ts';
import type { Tokenizer } from '../tokenizer.ts';
import { tokenPieces } from './token-pieces.ts';

type ArticlesQuery = Extract<DataQuery, { kind: 'articles' }>;

/** One row of `articles.bin`: first token and first code point, float64 each. */
const ROW_BYTES = 16;

/**
 * Some articles of a corpus, read where they lie: nothing of the corpus is held but which articles are held out.
 * @throws AppError file/not-found, file/invalid (damaged, or of another tokenizer)
 */
export async function articlePage(query: ArticlesQuery, tokenizer: Tokenizer): Promise<ArticlePage> {
  const info = readCorpusInfo(query.folder);
  if (info.tokenizer !== tokenizerDigest(tokenizer)) {
    throw new AppError(
      'file/invalid',
      `Corpus ${info.name} was imported with another tokenizer than the one in ${query.tokenizerFolder} now, ` +
        'so its tokens can’t be spelled. Import the corpus again.',
      { folder: query.folder },
    );
  }
  const heldOut = heldOutArticles(info.articles, query.heldOut, query.seed);
  const { total, articles } = choose(info.articles, heldOut, query);
  const starts = await open(join(query.folder, CORPUS_FILES.articles), 'r');
  const tokens = await open(join(query.folder, CORPUS_FILES.tokens), 'r');
  try {
    const rows: ArticlePage['rows'] = [];
    for (const article of articles) {
      const bounds = await readNumbers(starts, article * ROW_BYTES, 2 * ROW_BYTES, query.folder);
      const [first = 0, firstCharacter = 0, end = 0, endCharacter = 0] = new Float64Array(bounds);
      const ids = await readIds(tokens, info, first, Math.min(end - first, query.tokens), query.folder);
      rows.push({
        article,
        isHeldOut: heldOut.has(article),
        tokens: end - first,
        characters: endCharacter - firstCharacter,
        pieces: tokenPieces(ids, (id) => tokenizer.token(id)),
      });
    }
    return { total, rows };
  } finally {
    await starts.close();
    await tokens.close();
  }
}

/** Numbers of the articles on this page of a part, ascending. */
function choose(
  count: number,
  heldOut: ReadonlySet<number>,
  { part, from, count: most }: ArticlesQuery,
): { total: number; articles: number[] } {
  if (part === 'all') return { total: count, articles: range(from, Math.min(from + most, count)) };
  if (part === 'held-out') {
    const sorted = [...heldOut].sort((a, b) => a - b);
    return { total: sorted.length, articles: sorted.slice(from, from + most) };
  }
  const articles: number[] = [];
  for (let article = 0, passed = 0; article < count && articles.length < most; article++) {
    if (heldOut.has(article)) continue;
    if (passed >= from) articles.push(article);
    passed++;
  }
  return { total: count - heldOut.size, articles };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

async function readIds(
  file: FileHandle,
  { bytesPerToken }: CorpusInfo,
  first: number,
  count: number,
  folder: string,
): Promise<number[]> {
  const bytes = await readNumbers(file, first * bytesPerToken, count * bytesPerToken, folder);
  return [...(bytesPerToken === 2 ? new Uint16Array(bytes) : new Uint32Array(bytes))];
}

async function readNumbers(file: FileHandle, position: number, length: number, folder: string): Promise<ArrayBuffer> {
  const buffer = new ArrayBuffer(length);
  const { bytesRead } = await file.read(new Uint8Array(buffer), 0, length, position);
  if (bytesRead === length) return buffer;
  throw new AppError('file/invalid', `Corpus ${folder} is damaged: a file ends too early. Import it again.`, {
    folder,
  });
}
