import { listEvents } from '../../registry/events.ts';
import { listMetrics } from '../../registry/metric-reads.ts';
import { getRun, listRunOverviews } from '../../registry/runs.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

export function listRuns({ db, supervisor }: Host): Handler<'runs.list'> {
  return () => listRunOverviews(db, { archived: false }).map((run) => runSummary(run, supervisor));
}

export function readRun({ db, supervisor }: Host): Handler<'runs.get'> {
  return ({ runId }) => {
    const run = getRun(db, runId);
    return {
      summary: runSummary(run, supervisor),
      config: run.config,
      events: listEvents(db, runId).map(({ eventId, atMs, kind, message }) => ({ eventId, atMs, kind, message })),
      metricNames: listMetrics(db, runId).map(({ name }) => name),
    };
  };
}
