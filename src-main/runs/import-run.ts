import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RunRecord } from '../../src-shared/run/records.ts';
import { addImportedRun } from '../registry/imported-run.ts';
import type { Registry } from '../registry/open-registry.ts';
import { newRunId } from '../registry/run-id.ts';
import { askEngine } from './ask-engine.ts';
import type { EngineLauncher } from './engine-process.ts';
import { checkpointDirectory, runDirectory } from './run-files.ts';

export interface ImportOptions {
  readonly home: string;
  readonly launch: EngineLauncher;
  /** Called only once the folder has been found good, so that a wrong one leaves nothing behind. */
  readonly openDb: () => Registry;
  readonly nowMs: number;
}

/**
 * Takes an exported folder in: it becomes a finished run of preset "imported" with one checkpoint, whose weights
 * other runs start from.
 * @throws AppError file/not-found, file/invalid, checkpoint/incompatible with nothing written; file/io
 */
export async function importRun(
  { home, launch, openDb, nowMs }: ImportOptions,
  folder: string,
  name?: string,
): Promise<RunRecord> {
  const runId = newRunId(nowMs);
  const request = {
    folder: resolve(folder),
    runId,
    checkpointDirectory: checkpointDirectory(home, runId),
  };
  const imported = await askEngine(launch, { type: 'import', request }, 'import', (message) =>
    message.type === 'imported' ? message.result : undefined,
  );
  try {
    return addImportedRun(openDb(), { runId, name: name ?? imported.name, folder: request.folder, imported, nowMs });
  } catch (error) {
    await rm(runDirectory(home, runId), { recursive: true, force: true });
    throw error;
  }
}
