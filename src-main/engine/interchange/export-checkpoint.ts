import { lstat, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/app-error.ts';
import type { ExportRequest, ExportResult } from '../../../src-shared/ipc/interchange-protocol.ts';
import { exportFolderName } from '../../../src-shared/run/checkpoint-kind.ts';
import { readCheckpoint, type ReadCheckpoint } from '../train/checkpoint.ts';
import { invalidCheckpoint } from '../train/checkpoint-header.ts';
import { encodeSafetensors } from '../train/safetensors.ts';
import { STUDENT_PARAMETERS } from '../train/train-parts.ts';
import { renameDurably, syncFolder, TEMPORARY_SUFFIX, writeDurably, writeError } from '../train/write-atomically.ts';
import { formatSums } from './checksums.ts';
import { CARD_FILE, CONFIG_FILE, exportConfig, MODEL_FILE, SUMS_FILE, TEACHER_FILE } from './export-config.ts';
import { modelCard } from './model-card.ts';
import { studentTensors, TEACHER_PARAMETERS, teacherTensors } from './reference-tensors.ts';
import { tokenizerFiles } from './tokenizer-files.ts';

/** A model's own key in a safetensors file, which some libraries ask for. */
const PYTORCH = { format: 'pt' };

/**
 * Writes a checkpoint as a folder that other tools read; the folder appears whole or not at all.
 * @throws AppError input/invalid where the folder is there or can't be made, checkpoint/invalid, file/not-found, file/io
 */
export async function exportCheckpoint(request: ExportRequest, nowMs: number = Date.now()): Promise<ExportResult> {
  const { out } = request;
  // What is wrong at once is said before a large file is read.
  if ('folder' in out) await assertNew(out.folder);
  const read = await readCheckpoint(request.checkpoint);
  const { kind, step } = read.header;
  const outFolder = 'folder' in out ? out.folder : join(out.inside, exportFolderName(request.run.name, kind, step));
  await assertNew(outFolder);
  const temporary = join(dirname(outFolder), `.${basename(outFolder)}.${process.pid}${TEMPORARY_SUFFIX}`);
  try {
    await mkdir(temporary);
  } catch (error) {
    throw writeError(outFolder, error);
  }
  try {
    const files = await writeFiles(temporary, read, request, nowMs);
    await syncFolder(temporary);
    await renameDurably(temporary, outFolder);
    return { kind, step, folder: outFolder, files };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function writeFiles(
  folder: string,
  { file, header, variables }: ReadCheckpoint,
  { run }: ExportRequest,
  nowMs: number,
): Promise<ExportResult['files']> {
  const { config } = header;
  const files: ExportResult['files'] = [];
  const write = async (name: string, parts: readonly Uint8Array[]): Promise<void> => {
    files.push({ name, ...(await writeDurably(join(folder, name), parts)) });
  };
  const text = (value: string): Uint8Array[] => [new TextEncoder().encode(value)];

  const student = variables[STUDENT_PARAMETERS];
  if (!(student instanceof Float32Array)) throw invalidCheckpoint(file, `it holds no ${STUDENT_PARAMETERS}`);
  await write(MODEL_FILE, encodeSafetensors(studentTensors(config, student), PYTORCH));
  const teacher = variables[TEACHER_PARAMETERS];
  if (teacher instanceof Float32Array) {
    await write(TEACHER_FILE, encodeSafetensors(teacherTensors(config, teacher), PYTORCH));
  }
  const tokenizer = await tokenizerFiles(config.data);
  const { runId, kind, step, examplesSeen, scores } = header;
  const facts = exportConfig(run.name, config, { runId, kind, step, examplesSeen, scores }, tokenizer !== undefined);
  await write(CONFIG_FILE, text(`${JSON.stringify(facts, null, 2)}\n`));
  for (const [name, bytes] of tokenizer ?? []) await write(name, [bytes]);
  const card = modelCard({
    run,
    header,
    exportedAtMs: nowMs,
    studentSize: student.length,
    teacherSize: teacher?.length ?? null,
    files: [...files],
  });
  await write(CARD_FILE, text(card));
  await write(SUMS_FILE, text(formatSums(files)));
  return files;
}

/** @throws AppError input/invalid */
async function assertNew(folder: string): Promise<void> {
  const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined)) !== undefined;
  if (await exists(folder)) {
    throw new AppError('input/invalid', `${folder} exists already. Name a new folder, or delete that one first.`, {
      folder,
    });
  }
  const parent = dirname(folder);
  if (!(await exists(parent))) {
    throw new AppError('input/invalid', `The folder ${parent} does not exist. Make it, or name another one.`, {
      folder,
    });
  }
}
