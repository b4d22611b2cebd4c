import { AppError } from '../../../src-shared/app-error.ts';
import type { RunSummary } from '../../../src-shared/ipc/run-views.ts';
import type { RunOverview } from '../../../src-shared/run/records.ts';
import { STATUS_TABLE } from '../../../src-shared/run/run-status.ts';
import { pipelinesOfRuns } from '../../registry/pipeline-runs.ts';
import { rowBytes } from '../../registry/row-bytes.ts';
import { setRunTrashed } from '../../registry/run-edits.ts';
import { setRunDiskBytes } from '../../registry/run-resources.ts';
import { getRunOverview, getRunOverviews } from '../../registry/runs.ts';
import { folderBytes } from '../../runs/disk-use.ts';
import { purgeRun, reclaimSpace } from '../../runs/purge.ts';
import { runDirectory } from '../../runs/run-files.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

/** Out of sight; a waiting run leaves the queue first. All of them or none. */
export function trashRuns(host: Host): Handler<'runs.trash'> {
  return ({ runIds }) => {
    const runs = runIds.map((runId) => getRunOverview(host.db, runId));
    const working = runs.filter(({ status }) => STATUS_TABLE[status].hasEngine);
    refuse(working, 'is at work; stop it first');
    const own = new Set(host.supervisor.waitingRunIds());
    for (const { runId, status } of runs) if (status === 'queued' && own.has(runId)) host.supervisor.stop(runId);
    const nowMs = Date.now();
    return setTrashed(host, runIds, nowMs);
  };
}

export function restoreRuns(host: Host): Handler<'runs.restore'> {
  return ({ runIds }) => setTrashed(host, runIds, null);
}

/** Files first: a run whose files can't be deleted stays in the trash and can be purged again. */
export function purgeRuns({ db, home, events, pipelines }: Host): Handler<'runs.purge'> {
  return async ({ runIds }) => {
    const runs = runIds.map((runId) => getRunOverview(db, runId));
    refuse(
      runs.filter(({ trashedAtMs }) => trashedAtMs === null),
      'is not in the trash; move it there first',
    );
    const groups = pipelinesOfRuns(db, runIds);
    let freedBytes = 0;
    for (const runId of runIds) {
      freedBytes += await purgeRun(db, home, runId);
      events.publish('runs.removed', { runIds: [runId] });
    }
    pipelines.runsChanged(groups);
    freedBytes += await reclaimSpace(db);
    return { runs: runIds.length, freedBytes };
  };
}

/** Measured now, and remembered for sorting. */
export function measureDiskUse({ db, home }: Host): Handler<'runs.diskUse'> {
  return async ({ runIds }) => {
    const known = getRunOverviews(db, runIds).map(({ runId }) => runId);
    const measured = await Promise.all(
      known.map(async (runId) => ({
        runId,
        bytes: (await folderBytes(runDirectory(home, runId))) + rowBytes(db, runId),
      })),
    );
    for (const { runId, bytes } of measured) setRunDiskBytes(db, runId, bytes);
    return measured;
  };
}

function setTrashed(
  { db, supervisor, events, pipelines }: Host,
  runIds: readonly string[],
  atMs: number | null,
): RunSummary[] {
  db.transaction(() => {
    for (const runId of runIds) {
      getRunOverview(db, runId);
      setRunTrashed(db, runId, atMs);
    }
  }).immediate();
  const summaries = getRunOverviews(db, runIds).map((run) => runSummary(run, supervisor));
  for (const summary of summaries) events.publish('run.changed', summary);
  pipelines.runsChanged(pipelinesOfRuns(db, runIds));
  return summaries;
}

function refuse(runs: readonly RunOverview[], why: string): void {
  const [first] = runs;
  if (first === undefined) return;
  const others = runs.length === 1 ? '' : `, and ${runs.length - 1} more`;
  throw new AppError('run/invalid-state', `Run '${first.name}' ${why}${others}.`, {
    runIds: runs.map(({ runId }) => runId),
  });
}
