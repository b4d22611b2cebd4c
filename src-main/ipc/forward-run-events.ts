import { getRunOverview } from '../registry/runs.ts';
import { evaluationView } from './evaluation-view.ts';
import { checkpointView } from './handlers/checkpoints.ts';
import { queueView } from './handlers/queue.ts';
import type { Host } from './host.ts';
import { runSummary } from './run-summary.ts';

/** Tells every page what the supervisor tells; it has been stored by then. */
export function forwardRunEvents({ db, supervisor, events }: Pick<Host, 'db' | 'supervisor' | 'events'>): void {
  supervisor.on('run', (run) => {
    events.publish('run.changed', runSummary(run, supervisor));
  });
  supervisor.on('phase', (runId) => {
    events.publish('run.changed', runSummary(getRunOverview(db, runId), supervisor));
  });
  supervisor.on('queue', () => {
    events.publish('queue.changed', queueView({ db, supervisor }));
  });
  supervisor.on('metrics', (runId, series) => {
    const appended = series.map(({ name, steps, values }) => ({ name, steps: [...steps], values: [...values] }));
    events.publish('metrics.appended', { runId, series: appended });
  });
  supervisor.on('evaluation', (evaluation) => {
    events.publish('evaluation.added', { runId: evaluation.runId, evaluation: evaluationView(evaluation) });
  });
  supervisor.on('teacherExamples', (runId, step) => {
    events.publish('teacherExamples.added', { runId, step });
  });
  supervisor.on('checkpoint', (checkpoint) => {
    events.publish('checkpoint.saved', { runId: checkpoint.runId, checkpoint: checkpointView(checkpoint) });
  });
  supervisor.on('event', ({ runId, eventId, atMs, kind, message }) => {
    events.publish('event.added', { runId, event: { eventId, atMs, kind, message } });
  });
}
