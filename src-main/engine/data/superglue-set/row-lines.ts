import { AppError } from '../../../../src-shared/app-error.ts';

/** A longer line is none of SuperGLUE's, whose longest have some 20 000 bytes; it would have to be held in memory. */
const LONGEST_LINE = 4 * 2 ** 20;
const LINE_FEED = 10;

export interface RowLine {
  /** Without its end; may be empty. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly offset: number;
}

/**
 * The lines of UTF-8 text that comes in pieces, in memory of one line. Lines are told apart as bytes, so that a foreign
 * byte is found on its own line. A byte order mark is left out.
 * @param name what the text is called in errors
 * @throws AppError file/invalid (no UTF-8, an endless line)
 */
export async function* rowLines(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<RowLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let [number, offset, pendingBytes] = [0, 0, 0];
  let pending: Uint8Array[] = [];
  const finish = (last: Uint8Array): RowLine => {
    number++;
    const bytes = pending.length === 0 ? last : Buffer.concat([...pending, last]);
    const line = { text: decodeLine(decoder, bytes, name, number), number, offset };
    offset += bytes.length + 1;
    [pending, pendingBytes] = [[], 0];
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      checkLength(pendingBytes + end - start, name, number + 1);
      yield finish(chunk.subarray(start, end));
      start = end + 1;
    }
    pending.push(chunk.slice(start));
    pendingBytes += chunk.length - start;
    checkLength(pendingBytes, name, number + 1);
  }
  if (pendingBytes > 0) yield finish(new Uint8Array());
}

function checkLength(bytes: number, name: string, line: number): void {
  if (bytes <= LONGEST_LINE) return;
  throw new AppError(
    'file/invalid',
    `${name}, line ${line} has more than ${LONGEST_LINE} bytes; expected one row of JSON a line, of a few thousand. ` +
      "Is this one of SuperGLUE's files?",
    { file: name, line },
  );
}

function decodeLine(decoder: TextDecoder, bytes: Uint8Array, name: string, line: number): string {
  try {
    const text = decoder.decode(bytes);
    const start = line === 1 && text.startsWith('\uFEFF') ? 1 : 0;
    return text.slice(start, text.endsWith('\r') ? -1 : undefined);
  } catch (error) {
    throw new AppError(
      'file/invalid',
      `${name}, line ${line} is not UTF-8 text. Take the files as they were published, or convert them with iconv.`,
      { file: name, line },
      error,
    );
  }
}
