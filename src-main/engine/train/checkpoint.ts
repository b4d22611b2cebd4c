import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/app-error.ts';
import type { TensorData } from '../executors/executor.ts';
import {
  CHECKPOINT_FORMAT,
  invalidCheckpoint,
  parseCheckpointHeader,
  type CheckpointHeader,
} from './checkpoint-header.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { renameDurably, systemCode, TEMPORARY_SUFFIX, writeDurably, writeError } from './write-atomically.ts';

/**
 * A checkpoint is a folder `<kind>/` with `checkpoint.json` and one `state-<hash>.safetensors`. The JSON names the
 * tensors file and is replaced by one rename: before it the folder is the former checkpoint, after it the new one,
 * and a crash at any moment leaves one of the two whole.
 */
const HEADER_FILE = 'checkpoint.json';
const TEMPORARY_TENSORS = `state${TEMPORARY_SUFFIX}`;
const TEMPORARY_HEADER = `${HEADER_FILE}${TEMPORARY_SUFFIX}`;
const TEMPORARY_FILES: readonly string[] = [TEMPORARY_TENSORS, TEMPORARY_HEADER];
const TENSORS_FILE = /^state-[0-9a-f]{16}\.safetensors$/;

/** A reader that meets a writer finds the tensors file of the former checkpoint gone; it looks again this often. */
const READ_ATTEMPTS = 3;

export type CheckpointContent = Omit<CheckpointHeader, 'format' | 'tensors'>;

/** What is announced of a written checkpoint. */
export interface WrittenCheckpoint {
  /** The JSON file; what names the checkpoint everywhere. */
  readonly file: string;
  /** Of both files. */
  readonly bytes: number;
  /** Of the tensors file. */
  readonly sha256: string;
}

export interface ReadCheckpoint {
  readonly file: string;
  readonly header: CheckpointHeader;
  /** Every variable by name, e.g. "student.parameters". */
  readonly variables: Readonly<Record<string, TensorData>>;
}

/**
 * Writes or replaces the checkpoint `<directory>/<content.kind>`, durably and all or nothing.
 * @throws AppError file/io; the former checkpoint of this kind then is as it was
 */
export async function writeCheckpoint(
  directory: string,
  content: CheckpointContent,
  variables: Readonly<Record<string, TensorData>>,
): Promise<WrittenCheckpoint> {
  if (!/^[\w.-]+$/.test(content.kind)) throw new AppError('internal', `'${content.kind}' cannot name a folder.`);
  const folder = join(directory, content.kind);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw writeError(folder, error);
  });
  const tensors = Object.fromEntries(
    Object.entries(variables).map(([name, data]) => [name, { shape: [data.length], data }]),
  );
  const temporary = join(folder, TEMPORARY_TENSORS);
  const parts = encodeSafetensors(tensors, { format: 'metalmo-state' });
  const { bytes, sha256 } = await writeDurably(temporary, parts);
  const tensorsFile = `state-${sha256.slice(0, 16)}.safetensors`;
  await renameDurably(temporary, join(folder, tensorsFile));
  const header: CheckpointHeader = {
    ...content,
    format: CHECKPOINT_FORMAT,
    tensors: { file: tensorsFile, bytes, sha256 },
  };
  const text = new TextEncoder().encode(`${JSON.stringify(header, null, 2)}\n`);
  const file = join(folder, HEADER_FILE);
  const temporaryHeader = join(folder, TEMPORARY_HEADER);
  await writeDurably(temporaryHeader, [text]);
  await renameDurably(temporaryHeader, file);
  await removeLeftovers(folder, tensorsFile);
  return { file, bytes: bytes + text.length, sha256 };
}

/** Deletes what an interrupted writing or a former checkpoint left in a checkpoint's folder; no other file. */
async function removeLeftovers(folder: string, keep: string | undefined): Promise<void> {
  for (const name of await readdir(folder)) {
    const isLeftover = TEMPORARY_FILES.includes(name) || (TENSORS_FILE.test(name) && name !== keep);
    if (isLeftover) await rm(join(folder, name), { force: true });
  }
}

/**
 * Deletes what interrupted writings left in a run's folder of checkpoints: temporary files, tensors that no JSON
 * names, and the folders that are empty then. Only for the run's one writer. A damaged checkpoint is left as it is.
 */
export async function cleanCheckpoints(directory: string): Promise<void> {
  for (const kind of await listFolders(directory)) {
    const folder = join(directory, kind);
    const text = await readOrMissing(join(folder, HEADER_FILE));
    if (text === undefined) {
      await removeLeftovers(folder, undefined);
      if ((await readdir(folder)).length === 0) await rmdir(folder);
      continue;
    }
    const keep = tensorsFileOf(text);
    if (keep !== undefined) await removeLeftovers(folder, keep);
  }
}

/** The tensors file that a checkpoint's JSON names; undefined where the JSON is damaged. */
function tensorsFileOf(text: Buffer): string | undefined {
  try {
    return parseCheckpointHeader(text.toString('utf8'), HEADER_FILE).tensors.file;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function listFolders(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function readOrMissing(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'file/io',
      `Cannot read ${path}: ${reason}. Check the file's rights and the disk.`,
      { path },
      error,
    );
  }
}

/** The checkpoint's JSON file, from that file, its folder, or its tensors file. @throws AppError file/not-found */
async function headerFileOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new AppError(
      'file/not-found',
      `There is no checkpoint ${path}. Name a checkpoint's folder or its ${HEADER_FILE}.`,
      { path },
    );
  }
  if (found.isDirectory()) return join(path, HEADER_FILE);
  return TENSORS_FILE.test(basename(path)) ? join(dirname(path), HEADER_FILE) : path;
}

/**
 * Everything but the tensors.
 * @param path the checkpoint's folder or one of its files
 * @throws AppError file/not-found, checkpoint/invalid, file/io
 */
export async function readCheckpointHeader(path: string): Promise<{ file: string; header: CheckpointHeader }> {
  const file = await headerFileOf(path);
  const text = await readOrMissing(file);
  if (text === undefined) {
    throw new AppError(
      'file/not-found',
      `${path} holds no ${HEADER_FILE}: it is not a checkpoint, or was never finished.`,
      { path },
    );
  }
  return { file, header: parseCheckpointHeader(text.toString('utf8'), file) };
}

/**
 * A whole checkpoint, its size and SHA-256 checked.
 * @throws AppError file/not-found, checkpoint/invalid, file/invalid, file/io
 */
export async function readCheckpoint(path: string): Promise<ReadCheckpoint> {
  for (let attempt = 1; ; attempt++) {
    const { file, header } = await readCheckpointHeader(path);
    const tensorsFile = join(dirname(file), header.tensors.file);
    const bytes = await readOrMissing(tensorsFile);
    if (bytes !== undefined) return { file, header, variables: checkedVariables(file, tensorsFile, header, bytes) };
    if (attempt >= READ_ATTEMPTS) throw invalidCheckpoint(file, `its tensors file ${header.tensors.file} is missing`);
  }
}

function checkedVariables(
  file: string,
  tensorsFile: string,
  header: CheckpointHeader,
  bytes: Uint8Array,
): Record<string, TensorData> {
  const { tensors } = header;
  if (bytes.length !== tensors.bytes) {
    throw invalidCheckpoint(file, `${tensors.file} should have ${tensors.bytes} bytes and has ${bytes.length}`);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== tensors.sha256) {
    throw invalidCheckpoint(file, `${tensors.file} is damaged: expected SHA-256 ${tensors.sha256}, got ${sha256}`);
  }
  const variables: Record<string, TensorData> = {};
  for (const [name, { data, dtype }] of decodeSafetensors(bytes, tensorsFile).tensors) {
    if (!(data instanceof Float32Array) && !(data instanceof Int32Array)) {
      throw invalidCheckpoint(file, `variable ${name} has the type ${dtype}, expected F32 or I32`);
    }
    variables[name] = data;
  }
  return variables;
}
