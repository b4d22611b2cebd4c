import { open, type FileHandle } from 'node:fs/promises';
import { Reader, ZipReader, type FileEntry } from '@zip.js/zip.js/index-native.js';
import { AppError } from '../../../../src-shared/app-error.ts';
import { systemCode } from '../../train/write-atomically.ts';

/** One file in an archive. */
export interface ZipFile {
  /** Path within the archive, with "/". */
  readonly name: string;
  /** Uncompressed, as the archive's directory says. */
  readonly bytes: number;
  /**
   * Its contents piece by piece; the checksum is compared after the last.
   * @throws AppError file/invalid where the archive is damaged
   */
  chunks(): AsyncIterable<Uint8Array>;
}

export interface OpenZip {
  readonly files: readonly ZipFile[];
  close(): Promise<void>;
}

/** Reads parts of a file as the library asks for them; nothing else of the archive is ever in memory. */
class HandleReader extends Reader<FileHandle> {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    super(handle);
    this.#handle = handle;
  }

  override async init(): Promise<void> {
    this.size = (await this.#handle.stat()).size;
    await super.init?.();
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - index)));
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await this.#handle.read(bytes, at, bytes.length - at, index + at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  }
}

/**
 * Opens an archive: its directory is read, its files are read where they are asked for.
 * @throws AppError file/not-found, file/io, file/invalid (no archive, cut off, damaged, with a password)
 */
export async function openZip(file: string): Promise<OpenZip> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT')
      throw new AppError('file/not-found', `There is no file ${file}.`, { file }, error);
    throw new AppError('file/io', `Cannot read ${file}: ${messageOf(error)}.`, { file }, error);
  });
  try {
    const reader = new ZipReader(new HandleReader(handle), { useWebWorkers: false, checkCrc32: true });
    const entries = await reader.getEntries();
    const files = entries.filter((entry): entry is FileEntry => !entry.directory);
    return {
      files: files.map((entry) => ({
        name: entry.filename,
        bytes: entry.uncompressedSize,
        chunks: () => chunksOf(file, entry),
      })),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw damaged(file, error);
  }
}

async function* chunksOf(file: string, entry: FileEntry): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  let failure: unknown;
  const done = entry.getData(writable).catch((error: unknown) => {
    failure = error;
  });
  try {
    yield* readable;
  } catch (error) {
    // The stream only says that it broke off.
    await done;
    failure ??= error;
  }
  // A reader that stops early does not come here.
  await done;
  if (failure !== undefined) throw damaged(`${file}, ${entry.filename}`, failure);
}

function damaged(what: string, error: unknown): AppError {
  const code = systemCode(error);
  if (code !== '' && code.startsWith('E') && !code.startsWith('ERR_'))
    return new AppError('file/io', `Cannot read ${what}: ${messageOf(error)}.`, { file: what }, error);
  return new AppError(
    'file/invalid',
    `${what} is no readable zip archive (${messageOf(error)}): cut off or damaged. Download or copy it again.`,
    { file: what },
    error,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
