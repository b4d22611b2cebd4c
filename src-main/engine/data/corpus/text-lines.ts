import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { AppError } from '../../../../src-shared/app-error.ts';
import { systemCode } from '../../train/write-atomically.ts';
import { foreignByteAt } from './foreign-byte.ts';

/** Bytes; a longer line is no text any more: most likely not a text file at all. */
export const LONGEST_LINE = 256 * 2 ** 20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

export interface TextLine {
  /** Without its end. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

export interface LineOptions {
  /** Hears how many bytes were read since it heard last. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The lines of a UTF-8 file, one after the other, in memory of one line. LF and CRLF end a line; a byte order mark is
 * left out.
 * @throws AppError file/not-found, file/io, file/invalid (no UTF-8, with line and byte; an endless line), cancelled
 */
export async function* textLines(file: string, options: LineOptions = {}): AsyncGenerator<TextLine> {
  const line = new OpenLine(file);
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      if (options.signal?.aborted === true) throw new AppError('cancelled', `Reading ${file} was cancelled.`);
      options.onBytes?.(chunk.length);
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        line.add(chunk.subarray(start, end));
        yield line.close();
        start = end + 1;
      }
      line.add(chunk.subarray(start));
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (systemCode(error) === 'ENOENT')
      throw new AppError('file/not-found', `There is no file ${file}.`, { file }, error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('file/io', `Cannot read ${file}: ${reason}.`, { file }, error);
  }
  if (line.length > 0) yield line.close();
}

/** The line that is being read, as bytes. */
class OpenLine {
  readonly #file: string;
  #parts: Buffer[] = [];
  #number = 1;
  /** Bytes of the file before this line. */
  #offset = 0;
  length = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(part: Buffer): void {
    this.#parts.push(part);
    this.length += part.length;
    if (this.length <= LONGEST_LINE) return;
    throw new AppError(
      'file/invalid',
      `Line ${this.#number} of ${this.#file} is longer than ${LONGEST_LINE} bytes; expected text with line ends.`,
      { file: this.#file, line: this.#number },
    );
  }

  close(): TextLine {
    const [first = Buffer.alloc(0)] = this.#parts;
    const bytes = this.#parts.length === 1 ? first : Buffer.concat(this.#parts);
    const foreign = isUtf8(bytes) ? bytes.indexOf(0) : foreignByteAt(bytes);
    if (foreign >= 0) throw this.#notText(bytes, foreign);
    const hasMark = this.#number === 1 && BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte);
    const text = bytes.toString('utf8', hasMark ? 3 : 0, bytes.length - (bytes.at(-1) === CARRIAGE_RETURN ? 1 : 0));
    const line = { text, number: this.#number };
    this.#offset += bytes.length + 1;
    this.#number++;
    [this.#parts, this.length] = [[], 0];
    return line;
  }

  #notText(bytes: Uint8Array, at: number): AppError {
    const place = { file: this.#file, line: this.#number, byte: this.#offset + at };
    const byte = `0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
    const reason =
      bytes[at] === 0 ? 'Text has no such byte: the file is UTF-16, or none of text.' : 'The file is not UTF-8 text.';
    return new AppError(
      'file/invalid',
      `${place.file}, line ${place.line}: foreign byte ${byte} at byte ${place.byte} of the file. ${reason} ` +
        'Convert it to UTF-8 first, e.g. with iconv.',
      place,
    );
  }
}
