import type { Queue } from '../../../src-shared/ipc/contract/runs.ts';
import { writeSettings } from '../../registry/settings.ts';
import { getRunOverviews } from '../../registry/runs.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';
import { runSummary } from '../run-summary.ts';

/** Who runs and who waits in this process, in order. */
export function queueView({ db, supervisor }: Pick<Host, 'db' | 'supervisor'>): Queue {
  const summaries = (runIds: string[]) => getRunOverviews(db, runIds).map((run) => runSummary(run, supervisor));
  return {
    concurrency: supervisor.concurrency,
    running: summaries(supervisor.activeRunIds()),
    waiting: summaries(supervisor.waitingRunIds()),
  };
}

export function readQueue(host: Host): Handler<'queue.get'> {
  return () => queueView(host);
}

export function moveRun(host: Host): Handler<'queue.move'> {
  return ({ runId, before }) => {
    host.supervisor.moveInQueue(runId, before);
    return queueView(host);
  };
}

export function setConcurrency(host: Host): Handler<'queue.setConcurrency'> {
  return ({ concurrency }) => {
    const settings = writeSettings(host.db, { concurrency });
    host.applySettings(settings);
    host.events.publish('settings.changed', settings);
    return queueView(host);
  };
}
