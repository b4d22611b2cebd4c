import { createReadStream } from 'node:fs';
import { AppError } from '../../../../src-shared/app-error.ts';
import { systemCode } from '../../train/write-atomically.ts';

/** A longer line is no text any more: most likely not a text file at all. */
const LONGEST_LINE = 256 * 2 ** 20;

export interface TextLine {
  /** Without its end. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

export interface ReadOptions {
  /** Hears how many bytes were read since it heard last. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The lines of a UTF-8 file, one after the other, in memory of one line. LF and CRLF end a line; a byte order mark is
 * left out.
 * @throws AppError file/not-found, file/io, file/invalid (no UTF-8, an endless line), cancelled
 */
export async function* textLines(file: string, options: ReadOptions = {}): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let rest = '';
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (error) {
      throw new AppError(
        'file/invalid',
        `${file} is not UTF-8 text: there are foreign bytes at or soon after line ${number + 1}. Convert it first, e.g. with iconv.`,
        { file, line: number + 1 },
        error,
      );
    }
  };
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      if (options.signal?.aborted === true) throw new AppError('cancelled', `Reading ${file} was cancelled.`);
      options.onBytes?.(chunk.length);
      const lines = (rest + decode(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield { text: line.endsWith('\r') ? line.slice(0, -1) : line, number: ++number };
      if (rest.length > LONGEST_LINE) {
        throw new AppError(
          'file/invalid',
          `Line ${number + 1} of ${file} is longer than ${LONGEST_LINE} characters; expected text with line ends.`,
          { file, line: number + 1 },
        );
      }
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (systemCode(error) === 'ENOENT')
      throw new AppError('file/not-found', `There is no file ${file}.`, { file }, error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('file/io', `Cannot read ${file}: ${reason}.`, { file }, error);
  }
  rest += decode();
  if (rest !== '') yield { text: rest.endsWith('\r') ? rest.slice(0, -1) : rest, number: ++number };
}
