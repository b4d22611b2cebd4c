import { mkdirSync } from 'node:fs';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { AppError } from '../../src-shared/app-error.ts';
import type { ExportResult } from '../../src-shared/ipc/interchange-protocol.ts';
import { chooseCheckpoint } from '../../src-shared/run/choose-checkpoint.ts';
import type { RunRecord } from '../../src-shared/run/records.ts';
import { listCheckpoints } from '../registry/checkpoints.ts';
import type { Registry } from '../registry/open-registry.ts';
import { getRun } from '../registry/runs.ts';
import { askEngine } from './ask-engine.ts';
import type { EngineLauncher } from './engine-process.ts';
import { exportsFolder } from './run-files.ts';

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
): Promise<ExportResult> {
  const run = getRun(db, wanted.runId);
  const { kind, file } = chooseCheckpoint(listCheckpoints(db, run.runId), wanted.checkpoint);
  // A step names one checkpoint; a kind means the newest of it, whatever the run has written until it is read.
  const isStep = /^\d+$/.test(wanted.checkpoint);
  const out =
    wanted.folder === undefined ? { inside: madeExportsFolder(home) } : { folder: folderOf(home, wanted.folder) };
  const request = { checkpoint: isStep || kind.startsWith('step-') ? file : dirname(file), out, run: aboutRun(run) };
  return askEngine(launch, { type: 'export', request }, 'export', (message) =>
    message.type === 'exported' ? message.result : undefined,
  );
}

function madeExportsFolder(home: string): string {
  const folder = exportsFolder(home);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function folderOf(home: string, folder: string): string {
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
  madeExportsFolder(home);
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
