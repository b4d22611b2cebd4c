import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js/index-native.js';
import { renameDurably, TEMPORARY_SUFFIX, writeDurably } from '../../train/write-atomically.ts';

export interface ZipText {
  /** Path within the archive, with "/". */
  readonly name: string;
  readonly text: string;
}

/** The first day that archives know: equal entries make equal archives. */
const DATE = new Date(1980, 0, 1);

/**
 * Writes texts (UTF-8) as a zip archive in one step, replacing what was at `file`. All of it is in memory for a moment.
 * @throws AppError file/io; nothing is left behind
 */
export async function writeZip(file: string, entries: readonly ZipText[]): Promise<void> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    // The plainest form there is, for whatever reads it.
    dataDescriptor: false,
    extendedTimestamp: false,
    lastModDate: DATE,
  });
  for (const { name, text } of entries) await writer.add(name, new TextReader(text));
  const temporary = `${file}${TEMPORARY_SUFFIX}`;
  await writeDurably(temporary, [await writer.close()]);
  await renameDurably(temporary, file);
}
