import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeError } from '../../train/write-atomically.ts';
import type { Encoding } from '../tokenizer.ts';
import { CORPUS_FILES, LONG_TOKEN } from './corpus-files.ts';

const FILES = ['tokens', 'lengths', 'articles'] as const;
type FileName = (typeof FILES)[number];

/** Appends articles to the files of a corpus. What is held between two flushes is what came since. */
export class CorpusWriter {
  readonly bytesPerToken: 2 | 4;
  readonly longTokens: [number, number][] = [];
  articles = 0;
  tokens = 0;
  /** Code points. */
  characters = 0;
  readonly #folder: string;
  readonly #handles: Readonly<Record<FileName, FileHandle>>;
  readonly #pending: Record<FileName, Uint8Array[]> = { tokens: [], lengths: [], articles: [] };

  private constructor(folder: string, bytesPerToken: 2 | 4, handles: Readonly<Record<FileName, FileHandle>>) {
    this.#folder = folder;
    this.bytesPerToken = bytesPerToken;
    this.#handles = handles;
  }

  /** @throws AppError file/io */
  static async open(folder: string, bytesPerToken: 2 | 4): Promise<CorpusWriter> {
    const handle = (name: FileName): Promise<FileHandle> =>
      open(join(folder, CORPUS_FILES[name]), 'w').catch((error: unknown) => {
        throw writeError(folder, error);
      });
    const [tokens, lengths, articles] = [await handle('tokens'), await handle('lengths'), await handle('articles')];
    return new CorpusWriter(folder, bytesPerToken, { tokens, lengths, articles });
  }

  /** An article begins; its tokens are added next, in one or several pieces. */
  beginArticle(): void {
    this.#pending.articles.push(bytesOf(Float64Array.of(this.tokens, this.characters)));
    this.articles++;
  }

  /** Tokens of a piece of `characters` code points. */
  add({ ids, offsets }: Encoding, characters: number): void {
    const lengths = new Uint8Array(ids.length);
    for (let i = 0; i < ids.length; i++) {
      const next = i + 1 < ids.length ? (offsets[2 * i + 2] ?? 0) : characters;
      const length = next - (offsets[2 * i] ?? 0);
      lengths[i] = Math.min(length, LONG_TOKEN);
      if (length >= LONG_TOKEN) this.longTokens.push([this.tokens + i, length]);
    }
    const packed = this.bytesPerToken === 2 ? Uint16Array.from(ids) : Uint32Array.from(ids);
    this.#pending.tokens.push(bytesOf(packed));
    this.#pending.lengths.push(lengths);
    this.tokens += ids.length;
    this.characters += characters;
  }

  /** @throws AppError file/io, where the disk is full among others */
  async flush(): Promise<void> {
    for (const name of FILES) {
      const bytes = Buffer.concat(this.#pending[name]);
      this.#pending[name] = [];
      try {
        for (let at = 0; at < bytes.length;) at += (await this.#handles[name].write(bytes, at)).bytesWritten;
      } catch (error) {
        throw writeError(join(this.#folder, CORPUS_FILES[name]), error);
      }
    }
  }

  /** Writes the totals and waits until everything is on the disk. @throws AppError file/io */
  async close(): Promise<void> {
    this.#pending.articles.push(bytesOf(Float64Array.of(this.tokens, this.characters)));
    await this.flush();
    for (const name of FILES) {
      try {
        await this.#handles[name].sync();
        await this.#handles[name].close();
      } catch (error) {
        throw writeError(join(this.#folder, CORPUS_FILES[name]), error);
      }
    }
  }

  async abandon(): Promise<void> {
    await Promise.allSettled(FILES.map((name) => this.#handles[name].close()));
  }
}

const bytesOf = ({ buffer }: Float64Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) =>
  new Uint8Array(buffer);
