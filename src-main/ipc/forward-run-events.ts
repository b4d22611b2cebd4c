import { getRunOverviews } from '../registry/runs.ts';
import { evaluationView } from './evaluation-view.ts';
import { EventBatch } from './event-batch.ts';
import { checkpointView } from './handlers/checkpoints.ts';
import { queueView } from './handlers/queue.ts';
import type { Host } from './host.ts';
import { runSummary } from './run-summary.ts';

/**
 * Tells every page what the supervisor tells; it has been stored by then. What comes often comes in batches.
 * @returns what ends it
 */
export function forwardRunEvents({ db, supervisor, events }: Pick<Host, 'db' | 'supervisor' | 'events'>): () => void {
  const batch = new EventBatch(({ runIds, queue, points }) => {
    for (const run of getRunOverviews(db, [...runIds])) events.publish('run.changed', runSummary(run, supervisor));
    if (queue) events.publish('queue.changed', queueView({ db, supervisor }));
    for (const [runId, series] of points) events.publish('metrics.appended', { runId, series });
  });
  supervisor.on('run', ({ runId }) => batch.runChanged(runId));
  supervisor.on('phase', (runId) => batch.runChanged(runId));
  supervisor.on('queue', () => batch.queueChanged());
  supervisor.on('metrics', (runId, series) => batch.pointsAdded(runId, series));
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
  return () => batch.close();
}
