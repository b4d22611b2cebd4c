import { createHash } from 'node:crypto';
import { readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/app-error.ts';
import type { TensorData } from '../executors/executor.ts';
import {
  CHECKPOINT_FORMAT,
  invalidCheckpoint,
  parseCheckpointHeader,
  type CheckpointHeader,
} from './checkpoint-header.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { makeDurably, renameDurably, systemCode, TEMPORARY_SUFFIX, writeDurably } from './write-atomically.ts';

/**
 * The checkpoints of one kind lie in a folder `<kind>/`: for each a `checkpoint-<step>.json` and the tensors file
 * `state-<hash>.safetensors` that it names. A checkpoint exists from the moment its JSON gets that name, in one
 * rename; a crash before leaves nothing of it. The one before the newest is kept as well: who is told of the newest
 * may die before noting it down, and then resumes from the one it knows.
 */
const headerFileAt = (step: number): string => `checkpoint-${String(step).padStart(8, '0')}.json`;
const HEADER_FILE = /^checkpoint-(\d{8,})\.json$/;
const TENSORS_FILE = /^state-[0-9a-f]{16}\.safetensors$/;
const TEMPORARY_TENSORS = `state${TEMPORARY_SUFFIX}`;
const TEMPORARY_HEADER = `checkpoint${TEMPORARY_SUFFIX}`;

/** The steps of the checkpoints in a folder, ascending. */
function stepsIn(names: readonly string[]): number[] {
  return names
    .flatMap((name) => HEADER_FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((x, y) => x - y);
}

/** A reader that meets a writer may find the JSON or the tensors of a former checkpoint gone; it looks again this often. */
const READ_ATTEMPTS = 10;

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
 * Writes a checkpoint into `<directory>/<content.kind>`, durably and all or nothing.
 * @throws AppError file/io; the former checkpoints of this kind then are as they were
 */
export async function writeCheckpoint(
  directory: string,
  content: CheckpointContent,
  variables: Readonly<Record<string, TensorData>>,
): Promise<WrittenCheckpoint> {
  if (!/^[\w.-]+$/.test(content.kind)) throw new AppError('internal', `'${content.kind}' cannot name a folder.`);
  const folder = join(directory, content.kind);
  await makeDurably(folder);
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
  const file = join(folder, headerFileAt(content.step));
  const temporaryHeader = join(folder, TEMPORARY_HEADER);
  try {
    await writeDurably(temporaryHeader, [text]);
    await renameDurably(temporaryHeader, file);
  } catch (error) {
    // A full disk should not keep tensors that no JSON names. What failed says more than if this fails too.
    await removeLeftovers(folder).catch(() => undefined);
    throw error;
  }
  await retain(folder, content.step);
  return { file, bytes: bytes + text.length, sha256 };
}

/**
 * Deletes all checkpoints of a folder but that of `step` and the one before it. Later ones are of steps that a
 * resume went back behind.
 */
async function retain(folder: string, step: number): Promise<void> {
  const steps = stepsIn(await readdir(folder));
  const before = steps.findLast((one) => one < step);
  for (const one of steps) {
    if (one !== step && one !== before) await rm(join(folder, headerFileAt(one)), { force: true });
  }
  await removeLeftovers(folder);
}

/** Deletes temporary files, and tensors that no JSON of the folder names; no other file. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder);
  const named = new Set<string>();
  for (const step of stepsIn(names)) {
    const text = await readOrMissing(join(folder, headerFileAt(step)));
    const tensorsFile = text === undefined ? undefined : tensorsFileOf(text);
    // A damaged JSON no longer says which tensors are its own: all are left to whoever can make use of them.
    if (tensorsFile === undefined) return;
    named.add(tensorsFile);
  }
  for (const name of names) {
    const isTemporary = name === TEMPORARY_TENSORS || name === TEMPORARY_HEADER;
    if (isTemporary || (TENSORS_FILE.test(name) && !named.has(name))) await rm(join(folder, name), { force: true });
  }
}

/** Deletes what interrupted writings left in a run's folder of checkpoints. Only for the run's one writer. */
export async function cleanCheckpoints(directory: string): Promise<void> {
  for (const kind of await listFolders(directory)) {
    const folder = join(directory, kind);
    await removeLeftovers(folder);
    if ((await readdir(folder)).length === 0) await rmdir(folder);
  }
}

/** The tensors file that a checkpoint's JSON names; undefined where the JSON is damaged. */
function tensorsFileOf(text: Buffer): string | undefined {
  try {
    return parseCheckpointHeader(text.toString('utf8'), 'checkpoint').tensors.file;
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

/** The checkpoint's JSON file: that file itself, or the newest in a folder. @throws AppError file/not-found */
async function headerFileOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    const hint = "Name a checkpoint's folder or JSON file.";
    throw new AppError('file/not-found', `There is no checkpoint ${path}. ${hint}`, { path });
  }
  if (!found.isDirectory()) return path;
  const newest = stepsIn(await readdir(path)).at(-1);
  if (newest === undefined) {
    const message = `${path} holds no checkpoint-<step>.json: it is not a checkpoint, or was never finished.`;
    throw new AppError('file/not-found', message, { path });
  }
  return join(path, headerFileAt(newest));
}

/**
 * Everything but the tensors.
 * @param path the checkpoint's JSON file, or a folder, for the newest in it
 * @throws AppError file/not-found, checkpoint/invalid, file/io
 */
export async function readCheckpointHeader(path: string): Promise<{ file: string; header: CheckpointHeader }> {
  const file = await headerFileOf(path);
  const text = await readOrMissing(file);
  if (text === undefined) {
    throw new AppError('file/not-found', `The checkpoint ${file} was deleted. Take a newer one of its run.`, { path });
  }
  return { file, header: parseCheckpointHeader(text.toString('utf8'), file) };
}

/**
 * A whole checkpoint, its size and SHA-256 checked.
 * @throws AppError file/not-found, checkpoint/invalid, file/invalid, file/io
 */
export async function readCheckpoint(path: string): Promise<ReadCheckpoint> {
  for (let attempt = 1; ; attempt++) {
    const found = await readCheckpointHeader(path).catch((error: unknown) => {
      if (attempt < READ_ATTEMPTS && error instanceof AppError && error.code === 'file/not-found') return undefined;
      throw error;
    });
    if (found === undefined) continue;
    const { file, header } = found;
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
