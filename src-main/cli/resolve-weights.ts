import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { MODEL_FILE } from '../engine/interchange/export-config.ts';
import { readCheckpointHeader } from '../engine/train/checkpoint.ts';
import { checkpointFiles } from '../engine/train/checkpoint-files.ts';
import { listCheckpoints } from '../registry/checkpoints.ts';
import { findRun } from '../registry/runs.ts';
import { registryFile } from '../runs/run-files.ts';
import type { PipelineSource } from '../superglue/plan.ts';
import { openExistingRegistry } from './open-home.ts';

/** In this order where a run is named; `--from FILE` names any other. */
const PREFERRED_KINDS = ['latest', 'best-accuracy', 'best-loss'];

/**
 * The checkpoint that `--from` means, read and compared with the model it is to fill, so that a wrong one is refused
 * before a run exists.
 * @throws AppError file/not-found, checkpoint/invalid, checkpoint/incompatible, registry/not-found
 */
export async function resolveWeights(
  text: string,
  config: RunConfig,
  home: string,
): Promise<{ file: string; runId?: string | undefined }> {
  const found = await findWeights(text, home);
  await checkpointFiles.loadStudent(found.file, config);
  return found;
}

/**
 * The checkpoint that `--from` means and the configuration that it was trained with, read whole.
 * @throws AppError as `resolveWeights`
 */
export async function resolveSource(text: string, home: string): Promise<PipelineSource> {
  const found = await findWeights(text, home);
  const { header } = await readCheckpointHeader(found.file);
  await checkpointFiles.loadStudent(found.file, header.config);
  const name = found.runId === undefined ? found.file : nameOf(found.runId, home);
  return { runId: found.runId ?? null, name, checkpoint: header.kind, file: found.file, config: header.config };
}

async function findWeights(text: string, home: string): Promise<{ file: string; runId?: string | undefined }> {
  return isPath(text) ? fromFile(text, home) : fromRun(text, home);
}

function nameOf(runId: string, home: string): string {
  const db = openExistingRegistry(home);
  try {
    return findRun(db, runId).name;
  } finally {
    db.close();
  }
}

function isPath(text: string): boolean {
  return /[\\/]|\.json$|\.safetensors$/.test(text) || existsSync(text);
}

async function fromFile(text: string, home: string): Promise<{ file: string; runId?: string | undefined }> {
  if (existsSync(join(text, MODEL_FILE))) {
    throw new AppError(
      'input/invalid',
      `${text} is an exported model. Take it in once, \`metalmo import ${text}\`, and start from the run that makes.`,
    );
  }
  const { file, header } = await readCheckpointHeader(resolve(text));
  return { file, runId: isKnownRun(header.runId, home) ? header.runId : undefined };
}

/** Whether the checkpoint's run is one of this home, so that the new run can name it as its parent. */
function isKnownRun(runId: string, home: string): boolean {
  if (!existsSync(registryFile(home))) return false;
  const db = openExistingRegistry(home);
  try {
    return findRun(db, runId).runId === runId;
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('registry/')) return false;
    throw error;
  } finally {
    db.close();
  }
}

function fromRun(text: string, home: string): { file: string; runId: string } {
  const db = openExistingRegistry(home);
  try {
    const { runId } = findRun(db, text);
    const checkpoints = listCheckpoints(db, runId);
    for (const kind of PREFERRED_KINDS) {
      const found = checkpoints.find((checkpoint) => checkpoint.kind === kind);
      if (found !== undefined) return { file: found.file, runId };
    }
    throw new AppError('checkpoint/invalid', `Run ${runId} has no checkpoint to begin with yet.`, { runId });
  } finally {
    db.close();
  }
}
