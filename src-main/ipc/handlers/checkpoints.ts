import { isAbsolute, resolve } from 'node:path';
import type { CheckpointView } from '../../../src-shared/ipc/contract/checkpoints.ts';
import type { CheckpointRecord } from '../../../src-shared/run/records.ts';
import { listCheckpoints } from '../../registry/checkpoints.ts';
import { getRunOverview } from '../../registry/runs.ts';
import { exportRun } from '../../runs/export-run.ts';
import { importRun } from '../../runs/import-run.ts';
import { exportsFolder } from '../../runs/run-files.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

/** A checkpoint as pages show it; where its files lie is the host's own business. */
export function checkpointView(checkpoint: CheckpointRecord): CheckpointView {
  const { kind, step, examplesSeen, bytes, sha256, scores, savedAtMs } = checkpoint;
  return { kind, step, examplesSeen, bytes, sha256, scores: { ...scores }, savedAtMs };
}

export function listRunCheckpoints({ db }: Host): Handler<'checkpoints.list'> {
  return ({ runId }) => {
    getRunOverview(db, runId);
    return listCheckpoints(db, runId).map(checkpointView);
  };
}

export function exportRunCheckpoint({ db, home, launch }: Host): Handler<'checkpoints.export'> {
  return async (wanted) => {
    const { folder, files } = await exportRun({ db, home, launch }, wanted);
    return { folder, files };
  };
}

/** A relative folder lies where exports go. */
export function importCheckpoint({ db, home, launch, supervisor, events }: Host): Handler<'checkpoints.import'> {
  return async ({ folder }) => {
    const path = isAbsolute(folder) ? folder : resolve(exportsFolder(home), folder);
    const run = await importRun({ home, launch, openDb: () => db, nowMs: Date.now() }, path);
    const summary = runSummary(getRunOverview(db, run.runId), supervisor);
    events.publish('run.changed', summary);
    return summary;
  };
}
