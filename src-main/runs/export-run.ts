import { mkdirSync } from 'node:fs';
import { isAbsolute, resolve, sep } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import type { ExportResult } from '../../src-shared/ipc/interchange-protocol.ts';
import { exportFolderName } from '../../src-shared/run/checkpoint-kind.ts';
import { chooseCheckpoint } from '../../src-shared/run/choose-checkpoint.ts';
import type { CheckpointRecord, RunRecord } from '../../src-shared/run/records.ts';
import { listCheckpoints } from '../registry/checkpoints.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRun } from '../registry/runs.ts';
import { askEngine } from './ask-engine.ts';
import type { EngineLauncher } from './engine-process.ts';
import { exportsFolder } from './run-files.ts';

/** A running run may replace a checkpoint while it is read, again and again; after this many times that is the answer. */
const ATTEMPTS = 5;

export interface ExportOptions {
  readonly db: Registry;
  readonly home: string;
  readonly launch: EngineLauncher;
}

/**
 * Writes one of a run's checkpoints as a folder for other tools, in an engine process of its own; also while the run
 * goes on.
 * @param checkpoint "latest", "best:METRIC", a step, or a kind
 * @param folder absolute, or inside "exports" of the home folder; named after run and checkpoint when left out
 * @throws AppError registry/not-found, input/invalid, checkpoint/invalid, file/io
 */
export async function exportRun(
  { db, home, launch }: ExportOptions,
  wanted: { readonly runId: string; readonly checkpoint: string; readonly folder?: string | undefined },
): Promise<ExportResult & { readonly checkpoint: CheckpointRecord }> {
  const run = getRun(db, wanted.runId);
  for (let attempt = 1; ; attempt++) {
    const checkpoint = chooseCheckpoint(listCheckpoints(db, run.runId), wanted.checkpoint);
    const outFolder = outFolderOf(home, wanted.folder ?? exportFolderName(run.name, checkpoint.kind, checkpoint.step));
    try {
      const request = { checkpointFile: checkpoint.file, outFolder, run: aboutRun(run) };
      const result = await askEngine(launch, { type: 'export', request }, 'export', (message) =>
        message.type === 'exported' ? message.result : undefined,
      );
      return { ...result, checkpoint };
    } catch (error) {
      if (attempt >= ATTEMPTS || !wasReplaced(error, db, checkpoint)) throw error;
    }
  }
}

/** Whether the run has meanwhile written this kind anew, so that the file that was being read is gone. */
function wasReplaced(error: unknown, db: Registry, { runId, kind, file }: CheckpointRecord): boolean {
  if (!(error instanceof AppError) || !(error.code === 'file/not-found' || error.code === 'checkpoint/invalid'))
    return false;
  const now = listCheckpoints(db, runId).find((checkpoint) => checkpoint.kind === kind);
  return now !== undefined && now.file !== file;
}

function outFolderOf(home: string, folder: string): string {
  if (isAbsolute(folder)) return resolve(folder);
  const exports = exportsFolder(home);
  const inside = resolve(exports, folder);
  if (!inside.startsWith(`${exports}${sep}`)) {
    throw new AppError(
      'input/invalid',
      `'${folder}' leads out of ${exports}. Name a folder in it, or give a full path.`,
      { folder },
    );
  }
  mkdirSync(exports, { recursive: true });
  return inside;
}

function aboutRun(run: RunRecord) {
  const { runId, name, preset, status, notes, createdAtMs, parentRunId, executor, scores } = run;
  return {
    runId,
    name,
    preset,
    status,
    notes,
    createdAtMs,
    parentRunId,
    executor: executor === null ? null : `${executor.name} on ${executor.device}`,
    results: { ...scores },
  };
}
