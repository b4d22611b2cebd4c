import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../src-shared/app-error.ts';
import { decodeSafetensors } from '../train/safetensors.ts';
import { systemCode } from '../train/write-atomically.ts';
import { parseSums } from './checksums.ts';
import {
  CONFIG_FILE,
  MODEL_FILE,
  parseExportConfig,
  SUMS_FILE,
  TEACHER_FILE,
  type ExportConfig,
} from './export-config.ts';
import { studentParameters, teacherParameters } from './reference-tensors.ts';
import { tokenizerFiles } from './tokenizer-files.ts';

/** A checked exported folder. */
export interface ReadExport {
  readonly facts: ExportConfig;
  readonly student: Float32Array;
  readonly teacher: Float32Array | undefined;
}

/**
 * Reads an exported folder and checks everything that can be wrong with it: files, hashes, configuration, names and
 * shapes of the tensors, and that the tokenizer is the one this program reads such data with.
 * @throws AppError file/not-found, file/invalid, checkpoint/incompatible
 */
export async function readExport(folder: string): Promise<ReadExport> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    const what = found === undefined ? 'does not exist' : 'is no folder';
    throw new AppError('file/not-found', `${folder} ${what}. Name a folder that \`metalmo export\` wrote.`, { folder });
  }
  const sumsText = await readFile(join(folder, SUMS_FILE), 'utf8').catch(missingAs(undefined));
  // A folder without sums may have been saved by PyTorch; its names and shapes are checked all the same.
  const sums = sumsText === undefined ? undefined : parseSums(sumsText, join(folder, SUMS_FILE));
  const read = async (name: string): Promise<Buffer | undefined> => {
    const bytes = await readFile(join(folder, name)).catch(missingAs(undefined));
    if (bytes !== undefined) assertSum(join(folder, name), bytes, sums?.get(name));
    return bytes;
  };
  for (const name of sums?.keys() ?? []) await assertListed(folder, name);
  const config = needed(await read(CONFIG_FILE), folder, CONFIG_FILE);
  const facts = parseExportConfig(config.toString('utf8'), join(folder, CONFIG_FILE));
  await assertTokenizer(folder, facts, read);

  const modelFile = join(folder, MODEL_FILE);
  const model = decodeSafetensors(needed(await read(MODEL_FILE), folder, MODEL_FILE), modelFile);
  const student = studentParameters(modelFile, model.tensors, facts.config);
  const teacherFile = join(folder, TEACHER_FILE);
  const teacherBytes = await read(TEACHER_FILE);
  const teacher =
    teacherBytes === undefined
      ? undefined
      : teacherParameters(teacherFile, decodeSafetensors(teacherBytes, teacherFile).tensors, facts.config);
  return { facts, student, teacher };
}

function missingAs<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (systemCode(error) === 'ENOENT') return value;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'file/io',
      `The exported folder can't be read: ${reason}. Check its rights and the disk.`,
      {},
      error,
    );
  };
}

function needed(bytes: Buffer | undefined, folder: string, name: string): Buffer {
  if (bytes !== undefined) return bytes;
  throw new AppError(
    'file/not-found',
    `${folder} holds no ${name}. Name a folder that \`metalmo export\` wrote; it has at least ${MODEL_FILE} and ${CONFIG_FILE}.`,
    { folder, name },
  );
}

/** What was exported must be there as a whole: without its teacher a model would be another. */
async function assertListed(folder: string, name: string): Promise<void> {
  const found = await stat(join(folder, name)).catch(missingAs(undefined));
  if (found !== undefined) return;
  throw new AppError(
    'file/not-found',
    `${folder} holds no ${name}, which its ${SUMS_FILE} lists. Take another copy; if you left it out on purpose, delete ${SUMS_FILE}.`,
    { folder, name },
  );
}

function assertSum(file: string, bytes: Uint8Array, expected: string | undefined): void {
  if (expected === undefined) return;
  const got = createHash('sha256').update(bytes).digest('hex');
  if (got === expected) return;
  throw new AppError(
    'file/invalid',
    `${file} is not what was exported: ${SUMS_FILE} says SHA-256 ${expected}, the file has ${got}. ` +
      `Take another copy; if you changed it on purpose, delete ${SUMS_FILE}.`,
    { file, expected, got },
  );
}

/** Where the folder brings a tokenizer it must be the same: other ids would make other words of the same weights. */
async function assertTokenizer(
  folder: string,
  { config }: ExportConfig,
  read: (name: string) => Promise<Buffer | undefined>,
): Promise<void> {
  for (const [name, own] of (await tokenizerFiles(config.data)) ?? []) {
    const bytes = await read(name);
    if (bytes === undefined || bytes.equals(own)) continue;
    throw new AppError(
      'checkpoint/incompatible',
      `${join(folder, name)} is another tokenizer than the one ${config.data.kind} data are read with here, so the ids mean other tokens. Use a model of this tokenizer.`,
      { folder, name },
    );
  }
}
