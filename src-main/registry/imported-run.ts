import type { ImportResult } from '../../src-shared/ipc/interchange-protocol.ts';
import type { RunRecord } from '../../src-shared/run/records.ts';
import { putCheckpoint } from './checkpoints.ts';
import { addEvent } from './events.ts';
import type { Registry } from './open-registry.ts';
import { setRunDiskBytes } from './run-resources.ts';
import { getRun, insertRun, setRunProgress } from './runs.ts';
import { statement } from './statements.ts';

/** What the preset of a run says whose weights came from elsewhere. */
export const IMPORTED_PRESET = 'imported';

export interface ImportedRun {
  readonly runId: string;
  readonly name: string;
  /** The exported folder it was read from. */
  readonly folder: string;
  readonly imported: ImportResult;
  readonly nowMs: number;
}

/**
 * Adds a run that was trained elsewhere: finished from the start, with one checkpoint that lies on disk by now. All
 * of it in one transaction, so that nobody takes it for a run that waits.
 * @throws AppError registry/conflict
 */
export function addImportedRun(db: Registry, { runId, name, folder, imported, nowMs }: ImportedRun): RunRecord {
  const { config, checkpoint, fromRunId, fromKind } = imported;
  const { step, examplesSeen, file, bytes, sha256, scores } = checkpoint;
  return db
    .transaction(() => {
      insertRun(db, { runId, name, config, createdAtMs: nowMs, preset: IMPORTED_PRESET });
      const progress = { step, totalSteps: step, examplesSeen, totalExamples: examplesSeen, samplesPerSecond: 0 };
      setRunProgress(db, runId, progress, nowMs);
      statement(db, "UPDATE runs SET status = 'finished', finished_at_ms = ? WHERE run_id = ?").run(nowMs, runId);
      putCheckpoint(db, { runId, kind: 'latest', step, examplesSeen, file, bytes, sha256, scores, savedAtMs: nowMs });
      setRunDiskBytes(db, runId, bytes);
      const message = `Imported from ${folder}: checkpoint ${fromKind} of run ${fromRunId}, step ${step}.`;
      addEvent(db, { runId, atMs: nowMs, kind: 'imported', message, details: { folder, fromRunId, fromKind } });
      return getRun(db, runId);
    })
    .immediate();
}
