import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../src-shared/app-error.ts';
import { RandomGenerator } from '../../random/random-generator.ts';
import { CLS0_ID, SEP_ID } from '../special-tokens.ts';
import { CORPUS_FILES, CorpusInfo } from './corpus-files.ts';
import { cutWindows, type WindowCuts } from './cut-windows.ts';

/** Windows `[CLS0] tokens [SEP]` of some of a corpus's articles, disjoint, in order. */
export interface CorpusWindows {
  readonly count: number;
  /** Row length S; no window is longer. */
  readonly length: number;
  /** Code points in all windows together. */
  readonly characters: number;
  /** The window that holds a code point, 0 to `characters` - 1. */
  windowAt(character: number): number;
  /** A window's ids; valid until the next call. */
  read(index: number): Int32Array;
}

export interface OpenCorpus {
  readonly info: CorpusInfo;
  readonly train: CorpusWindows;
  /** The held-out articles. */
  readonly validation: CorpusWindows;
  close(): void;
}

export interface OpenOptions {
  /** S: tokens of a window, both special tokens included. */
  readonly length: number;
  /** Articles held out for validation, at most half of them; drawn with `seed`. */
  readonly heldOut: number;
  readonly seed: number;
  /** `tokenizerDigest` of the tokenizer in use. */
  readonly tokenizer: string;
}

/** @throws AppError file/not-found, file/invalid */
export function readCorpusInfo(folder: string): CorpusInfo {
  const file = join(folder, CORPUS_FILES.info);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('file/not-found', `${folder} holds no imported corpus.`, { folder }, error);
  }
  try {
    return CorpusInfo.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new AppError('file/invalid', `${file} is damaged: ${reason}. Import the corpus again.`, { file }, error);
  }
}

/**
 * Opens an imported corpus. Tokens and their lengths stay on disk and are read a window and a block at a time;
 * what is held is 20 bytes a window and, while it opens, 20 an article.
 * @throws AppError file/not-found, file/invalid (damaged, or of another tokenizer)
 */
export function openCorpus(folder: string, options: OpenOptions): OpenCorpus {
  const info = readCorpusInfo(folder);
  if (info.tokenizer !== options.tokenizer) {
    throw new AppError(
      'file/invalid',
      `Corpus ${info.name} was imported with the tokenizer ${info.tokenizerFolder}, and that is not the one in use now ` +
        '(or it was changed since). Import the corpus again with this tokenizer.',
      { folder },
    );
  }
  const starts = readArticleStarts(folder, info);
  for (const [name, bytes] of [
    [CORPUS_FILES.lengths, info.tokens],
    [CORPUS_FILES.tokens, info.tokens * info.bytesPerToken],
  ] as const) {
    if (statSync(join(folder, name), { throwIfNoEntry: false })?.size !== bytes) throw damaged(folder, name);
  }
  const heldOut = heldOutArticles(info.articles, options.heldOut, options.seed);
  const lengths = { file: join(folder, CORPUS_FILES.lengths), longTokens: new Map(info.longTokens) };
  const cuts = cutWindows(starts, (article) => (heldOut.has(article) ? 1 : 0), options.length - 2, lengths);
  const fd = openSync(join(folder, CORPUS_FILES.tokens), 'r');
  const windowsOf = (cut: WindowCuts): CorpusWindows =>
    new StoredWindows(fd, info.bytesPerToken, options.length, cut, folder);
  return { info, train: windowsOf(cuts[0]), validation: windowsOf(cuts[1]), close: () => closeSync(fd) };
}

function damaged(folder: string, name: string): AppError {
  return new AppError('file/invalid', `${join(folder, name)} is damaged. Import the corpus again.`, { folder });
}

function readArticleStarts(folder: string, info: CorpusInfo): Float64Array {
  const starts = new Float64Array(2 * (info.articles + 1));
  const file = join(folder, CORPUS_FILES.articles);
  if (statSync(file, { throwIfNoEntry: false })?.size !== starts.byteLength)
    throw damaged(folder, CORPUS_FILES.articles);
  const fd = openSync(file, 'r');
  try {
    const bytes = new Uint8Array(starts.buffer);
    for (let at = 0, got = 1; at < bytes.length && got > 0; at += got) {
      got = readSync(fd, bytes, at, Math.min(bytes.length - at, READ_BYTES), at);
    }
  } finally {
    closeSync(fd);
  }
  const isAscending = starts.every((start, i) => start >= (i < 2 ? 0 : (starts[i - 2] ?? 0)));
  if (!isAscending || starts.at(-2) !== info.tokens || starts.at(-1) !== info.characters) {
    throw damaged(folder, CORPUS_FILES.articles);
  }
  return starts;
}

/** At a time: systems refuse to read more than 2 GiB. */
const READ_BYTES = 1 << 30;

/** Articles for validation: a function of the seed and how many there are. */
export function heldOutArticles(articles: number, wanted: number, seed: number): Set<number> {
  const count = Math.min(wanted, Math.floor(articles / 2));
  return new Set(new RandomGenerator(seed, 'heldOut').permutation(articles).subarray(0, count));
}

class StoredWindows implements CorpusWindows {
  readonly count: number;
  readonly length: number;
  readonly characters: number;
  readonly #fd: number;
  readonly #folder: string;
  readonly #cut: WindowCuts;
  readonly #packed: Uint16Array | Uint32Array;
  readonly #ids: Int32Array;

  constructor(fd: number, bytesPerToken: 2 | 4, length: number, cut: WindowCuts, folder: string) {
    this.#fd = fd;
    this.#folder = folder;
    this.#cut = cut;
    this.count = cut.counts.length;
    this.length = length;
    this.characters = cut.characters.at(-1) ?? 0;
    this.#packed = bytesPerToken === 2 ? new Uint16Array(length - 2) : new Uint32Array(length - 2);
    this.#ids = new Int32Array(length);
  }

  windowAt(character: number): number {
    const { characters } = this.#cut;
    let [low, high] = [0, this.count - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((characters[middle] ?? 0) <= character) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  read(index: number): Int32Array {
    const count = this.#cut.counts[index] ?? 0;
    const width = this.#packed.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(this.#packed.buffer, 0, count * width);
    const got = readSync(this.#fd, bytes, 0, bytes.length, (this.#cut.tokens[index] ?? 0) * width);
    if (got !== bytes.length) throw damaged(this.#folder, CORPUS_FILES.tokens);
    this.#ids[0] = CLS0_ID;
    for (let i = 0; i < count; i++) this.#ids[i + 1] = this.#packed[i] ?? 0;
    this.#ids[count + 1] = SEP_ID;
    return this.#ids.subarray(0, count + 2);
  }
}
