import { editRun } from '../../registry/run-edits.ts';
import { getRunOverviews } from '../../registry/runs.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

/** All of them or none. */
export function editRuns({ db, supervisor, events }: Host): Handler<'runs.edit'> {
  return ({ runIds, archived, ...edit }) => {
    const archivedAtMs = archived === undefined ? undefined : archived ? Date.now() : null;
    db.transaction(() => {
      for (const runId of runIds) editRun(db, runId, { ...edit, archivedAtMs });
    }).immediate();
    const summaries = getRunOverviews(db, runIds).map((run) => runSummary(run, supervisor));
    for (const summary of summaries) events.publish('run.changed', summary);
    return summaries;
  };
}
