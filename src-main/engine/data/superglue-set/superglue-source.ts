import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { AppError } from '../../../../src-shared/app-error.ts';
import { findSetTask } from './set-tasks.ts';

/** One jsonl file of an archive or a folder. */
export interface SourceFile {
  /** Folder and name within the source, with "/". */
  readonly path: string;
  /** What errors call it. */
  readonly name: string;
  readonly bytes: number;
  /** @throws AppError file/io, file/invalid */
  chunks(): AsyncIterable<Uint8Array>;
}

export interface OpenSource {
  /** In the order of their paths. */
  readonly files: readonly SourceFile[];
  close(): Promise<void>;
}

const JSONL = /\.jsonl$/i;
/** Folders within folders that are looked into: the official archive has one, sometimes below one more. */
const DEEPEST = 3;

/**
 * The jsonl files of a zip archive, or of a folder and of the tasks' archives in it. Files at the top belong to the task
 * that the archive or the folder is named after.
 * @throws AppError file/not-found, file/io, file/invalid (a damaged archive), input/invalid (another kind of file)
 */
export async function openSource(source: string): Promise<OpenSource> {
  const found = await stat(source).catch(() => undefined);
  if (found === undefined) throw new AppError('file/not-found', `There is no file or folder ${source}.`, { source });
  if (!found.isDirectory()) {
    if (JSONL.test(source)) {
      throw new AppError(
        'input/invalid',
        `${source} is one file; expected the official combined.zip, the zip of a task, or the folder that holds them.`,
        { source },
      );
    }
    return openArchive(source);
  }
  const files: SourceFile[] = [];
  const archives: OpenSource[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(archives.map((archive) => archive.close()));
  };
  try {
    for (const file of await filesBelow(source, DEEPEST)) {
      if (JSONL.test(file)) files.push(await fileOf(source, file));
      else archives.push(await openArchive(file));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { files: sorted([...files, ...archives.flatMap((archive) => archive.files)]), close };
}

async function openArchive(file: string): Promise<OpenSource> {
  // Its library is 45 modules, which a training has no use for.
  const { openZip } = await import('../zip/read-zip.ts');
  const zip = await openZip(file);
  const files = zip.files
    .filter(({ name }) => JSONL.test(name) && !isHidden(name))
    .map((entry): SourceFile => ({
      path: withFolder(entry.name, basename(file, extname(file))),
      name: `${file}, ${entry.name}`,
      bytes: entry.bytes,
      chunks: () => entry.chunks(),
    }));
  return { files: sorted(files), close: () => zip.close() };
}

/** jsonl files and the archives of single tasks. */
async function filesBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw readError(folder, error);
  });
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const taskArchive = extname(entry.name).toLowerCase() === '.zip' ? basename(entry.name, extname(entry.name)) : '';
    if (isHidden(entry.name)) continue;
    if (entry.isDirectory()) {
      if (depth > 0) files.push(...(await filesBelow(path, depth - 1)));
    } else if (JSONL.test(entry.name) || findSetTask(taskArchive) !== undefined) files.push(path);
  }
  return files;
}

async function fileOf(source: string, file: string): Promise<SourceFile> {
  const { size } = await stat(file).catch((error: unknown) => {
    throw readError(file, error);
  });
  return {
    path: withFolder(relative(source, file).split(sep).join('/'), basename(source)),
    name: file,
    bytes: size,
    chunks: () => chunksOf(file),
  };
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw readError(file, error);
  }
}

function readError(path: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('file/io', `Cannot read ${path}: ${reason}.`, { path }, error);
}

/** What systems add to archives and folders. */
function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}

function withFolder(path: string, folder: string): string {
  return path.includes('/') ? path : `${folder}/${path}`;
}

function sorted(files: SourceFile[]): SourceFile[] {
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
