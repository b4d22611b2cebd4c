import { listEvents } from '../../registry/events.ts';
import { listMetrics } from '../../registry/metric-reads.ts';
import { getRun, getRunOverviews } from '../../registry/runs.ts';
import { readSparkline } from '../../registry/sparklines.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

export function readSummaries({ db, supervisor }: Host): Handler<'runs.summaries'> {
  return ({ runIds }) => getRunOverviews(db, runIds).map((run) => runSummary(run, supervisor));
}

export function readSparklines({ db }: Host): Handler<'runs.sparklines'> {
  return ({ runIds }) => runIds.map((runId) => ({ runId, values: readSparkline(db, runId) }));
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
