import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import { writeDurably } from '../../train/write-atomically.ts';
import { countCodePoints } from '../code-points.ts';
import { makeFolder } from '../make-folder.ts';
import type { Tokenizer } from '../tokenizer.ts';
import { CORPUS_FILES, type CorpusInfo } from './corpus-files.ts';
import { CorpusWriter } from './corpus-writer.ts';
import { readArticles } from './read-articles.ts';
import { textFilesOf } from './text-files.ts';
import { textPieces } from './text-pieces.ts';
import { TitleSet } from './title-set.ts';

export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly articles: number;
  readonly tokens: number;
}

export interface ImportRequest {
  /** A text file or a folder of them. */
  readonly source: string;
  readonly tokenizer: Tokenizer;
  readonly tokenizerFolder: string;
  /** The corpus's folder; must not be there yet. */
  readonly folder: string;
  readonly nowMs: number;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Text that is tokenized before it is written, UTF-16 units. */
const BATCH_LENGTH = 1 << 20;
/** Text that is tokenized at a time, UTF-16 units: longer articles are taken in pieces. */
const PIECE_LENGTH = 1 << 18;

/** SHA-256 of what a tokenizer is made of. */
export function tokenizerDigest({ parts }: Tokenizer): string {
  const hash = createHash('sha256');
  for (const [token, id] of Object.entries(parts.vocabulary).sort(([, a], [, b]) => a - b))
    hash.update(`${id} ${token}\n`);
  for (const [a, b] of parts.merges) hash.update(`${a} ${b}\n`);
  return hash.digest('hex');
}

/**
 * Tokenizes a corpus into a folder of its own, all or nothing. Memory holds the longest article and some MB; with the size
 * of the corpus it grows by the hashes of titles alone (`TitleSet`). Of articles of one title only the first is taken.
 * @throws AppError as `readArticles`; registry/conflict where the folder is there; input/invalid without any text;
 * file/io where the folder cannot be written, the disk being full among others
 */
export function importCorpus(request: ImportRequest): Promise<CorpusInfo> {
  return makeFolder(request.folder, 'corpus', (temporary) => writeCorpus(request, temporary));
}

async function writeCorpus(request: ImportRequest, temporary: string): Promise<CorpusInfo> {
  const { source, tokenizer, folder } = request;
  const writer = await CorpusWriter.open(temporary, tokenizer.size > 2 ** 16 ? 4 : 2);
  let left: LeftOut;
  try {
    left = await writeArticles(request, writer);
    if (writer.tokens === 0) throw new AppError('input/invalid', `${source} holds no text.`, { source });
    await writer.close();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  const info: CorpusInfo = {
    version: 1,
    name: basename(folder),
    source,
    importedAtMs: request.nowMs,
    tokenizer: tokenizerDigest(tokenizer),
    tokenizerFolder: request.tokenizerFolder,
    vocabularySize: tokenizer.size,
    bytesPerToken: writer.bytesPerToken,
    articles: writer.articles,
    tokens: writer.tokens,
    characters: writer.characters,
    ...left,
    longTokens: writer.longTokens,
  };
  const json = new TextEncoder().encode(`${JSON.stringify(info, undefined, 2)}\n`);
  await writeDurably(join(temporary, CORPUS_FILES.info), [json]);
  return info;
}

type LeftOut = Pick<CorpusInfo, 'duplicateTitles' | 'emptyArticles'>;

/** Reads, tokenizes and writes every article; returns how many were left out. */
async function writeArticles(request: ImportRequest, writer: CorpusWriter): Promise<LeftOut> {
  const { tokenizer, signal, onProgress } = request;
  const { files, bytes: bytesTotal } = await textFilesOf(request.source);
  const titles = new TitleSet();
  const left = { duplicateTitles: 0, emptyArticles: 0 };
  let [bytesRead, pending] = [0, 0];
  const flush = async (): Promise<void> => {
    pending = 0;
    await writer.flush();
    onProgress?.({ bytesRead, bytesTotal, articles: writer.articles, tokens: writer.tokens });
  };
  const onBytes = (count: number): void => {
    bytesRead += count;
  };
  const onEmpty = (): void => {
    left.emptyArticles++;
  };
  for (const file of files) {
    for await (const { title, text } of readArticles(file, { onBytes, onEmpty, signal })) {
      if (title !== '' && !titles.add(title)) {
        left.duplicateTitles++;
        continue;
      }
      writer.beginArticle();
      for (const piece of textPieces(text, PIECE_LENGTH)) {
        if (signal?.aborted === true) throw new AppError('cancelled', `The import of ${request.source} was cancelled.`);
        const [encoding] = await tokenizer.encode([piece]);
        if (encoding !== undefined) writer.add(encoding, countCodePoints(piece));
        pending += piece.length;
        if (pending >= BATCH_LENGTH) await flush();
      }
    }
  }
  await flush();
  return left;
}
