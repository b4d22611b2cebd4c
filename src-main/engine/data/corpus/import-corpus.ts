import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import { syncFolder, writeDurably, writeError } from '../../train/write-atomically.ts';
import { countCodePoints } from '../code-points.ts';
import type { Encoding, Tokenizer } from '../tokenizer.ts';
import { CORPUS_FILES, LONG_TOKEN, type CorpusInfo } from './corpus-files.ts';
import { readArticles } from './read-articles.ts';
import { textFilesOf } from './text-files.ts';

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

/** Text that is tokenized at a time, UTF-16 units: enough for every core, little memory. */
const BATCH_LENGTH = 1 << 21;

/** SHA-256 of what a tokenizer is made of. */
export function tokenizerDigest({ parts }: Tokenizer): string {
  const hash = createHash('sha256');
  for (const [token, id] of Object.entries(parts.vocabulary).sort(([, a], [, b]) => a - b))
    hash.update(`${id} ${token}\n`);
  for (const [a, b] of parts.merges) hash.update(`${a} ${b}\n`);
  return hash.digest('hex');
}

/**
 * Tokenizes a corpus into a folder of its own, all or nothing; memory does not grow with its size but by 16 bytes an
 * article. Of articles of one title only the first is taken.
 * @throws AppError as `readArticles`; registry/conflict where the folder is there, input/invalid without any text
 */
export async function importCorpus(request: ImportRequest): Promise<CorpusInfo> {
  const { folder } = request;
  if ((await stat(folder).catch(() => undefined)) !== undefined) {
    throw new AppError('registry/conflict', `There already is a corpus ${basename(folder)}; choose another name.`, {
      folder,
    });
  }
  const temporary = `${folder}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  try {
    await mkdir(temporary, { recursive: true }).catch((error: unknown) => {
      throw writeError(temporary, error);
    });
    const info = await writeCorpus(request, temporary);
    await syncFolder(temporary);
    await rename(temporary, folder);
    await syncFolder(dirname(folder));
    return info;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function writeCorpus(request: ImportRequest, temporary: string): Promise<CorpusInfo> {
  const { source, tokenizer, folder, signal, onProgress } = request;
  const { files, bytes: bytesTotal } = await textFilesOf(source);
  const writer = await CorpusWriter.open(temporary, tokenizer.size > 2 ** 16 ? 4 : 2);
  const titles = new Set<string>();
  let [bytesRead, duplicateTitles, batchLength] = [0, 0, 0];
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    const encodings = await tokenizer.encode(batch);
    for (const [i, encoding] of encodings.entries()) writer.add(encoding, countCodePoints(batch[i] ?? ''));
    [batch, batchLength] = [[], 0];
    await writer.flush();
    onProgress?.({ bytesRead, bytesTotal, articles: writer.articles, tokens: writer.tokens });
  };
  const onBytes = (count: number): void => {
    bytesRead += count;
  };
  try {
    for (const file of files) {
      for await (const { title, text } of readArticles(file, { onBytes, signal })) {
        if (title !== '' && titles.has(title)) {
          duplicateTitles++;
          continue;
        }
        if (title !== '') titles.add(title);
        batch.push(text);
        batchLength += text.length;
        if (batchLength >= BATCH_LENGTH) await flush();
      }
    }
    await flush();
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
    duplicateTitles,
    longTokens: writer.longTokens,
  };
  const json = new TextEncoder().encode(`${JSON.stringify(info, undefined, 2)}\n`);
  await writeDurably(join(temporary, CORPUS_FILES.info), [json]);
  return info;
}

/** Appends articles to the files of a corpus. */
class CorpusWriter {
  readonly bytesPerToken: 2 | 4;
  readonly longTokens: [number, number][] = [];
  tokens = 0;
  characters = 0;
  readonly #folder: string;
  readonly #tokenFile: FileHandle;
  readonly #lengthFile: FileHandle;
  readonly #starts: number[] = [];
  #pendingTokens: Uint8Array[] = [];
  #pendingLengths: Uint8Array[] = [];

  private constructor(folder: string, bytesPerToken: 2 | 4, tokenFile: FileHandle, lengthFile: FileHandle) {
    this.#folder = folder;
    this.bytesPerToken = bytesPerToken;
    this.#tokenFile = tokenFile;
    this.#lengthFile = lengthFile;
  }

  static async open(folder: string, bytesPerToken: 2 | 4): Promise<CorpusWriter> {
    const tokens = await open(join(folder, CORPUS_FILES.tokens), 'w');
    return new CorpusWriter(folder, bytesPerToken, tokens, await open(join(folder, CORPUS_FILES.lengths), 'w'));
  }

  get articles(): number {
    return this.#starts.length / 2;
  }

  /** One article of `characters` code points. */
  add({ ids, offsets }: Encoding, characters: number): void {
    if (ids.length === 0) return;
    this.#starts.push(this.tokens, this.characters);
    const packed = this.bytesPerToken === 2 ? Uint16Array.from(ids) : Uint32Array.from(ids);
    const lengths = new Uint8Array(ids.length);
    for (let i = 0; i < ids.length; i++) {
      const next = i + 1 < ids.length ? (offsets[2 * i + 2] ?? 0) : characters;
      const length = next - (offsets[2 * i] ?? 0);
      lengths[i] = Math.min(length, LONG_TOKEN);
      if (length >= LONG_TOKEN) this.longTokens.push([this.tokens + i, length]);
    }
    this.#pendingTokens.push(new Uint8Array(packed.buffer));
    this.#pendingLengths.push(lengths);
    this.tokens += ids.length;
    this.characters += characters;
  }

  async flush(): Promise<void> {
    await append(this.#tokenFile, this.#pendingTokens, this.#folder);
    await append(this.#lengthFile, this.#pendingLengths, this.#folder);
    [this.#pendingTokens, this.#pendingLengths] = [[], []];
  }

  async close(): Promise<void> {
    await this.flush();
    for (const handle of [this.#tokenFile, this.#lengthFile]) {
      await handle.sync();
      await handle.close();
    }
    const starts = Float64Array.from([...this.#starts, this.tokens, this.characters]);
    await writeDurably(join(this.#folder, CORPUS_FILES.articles), [new Uint8Array(starts.buffer)]);
  }

  async abandon(): Promise<void> {
    await Promise.allSettled([this.#tokenFile.close(), this.#lengthFile.close()]);
  }
}

async function append(handle: FileHandle, parts: readonly Uint8Array[], path: string): Promise<void> {
  try {
    for (const part of parts) {
      for (let at = 0; at < part.length;) at += (await handle.write(part.subarray(at))).bytesWritten;
    }
  } catch (error) {
    throw writeError(path, error);
  }
}
