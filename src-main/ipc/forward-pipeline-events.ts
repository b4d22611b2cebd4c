import { knownPipeline } from '../registry/pipelines.ts';
import { pipelineSummary } from '../superglue/pipeline-views.ts';
import type { Host } from './host.ts';

/** Changes come with every step of every run; pages are told this often at most. */
const EVERY_MS = 500;

/**
 * Tells every page how pipelines go on.
 * @returns what ends it
 */
export function forwardPipelineEvents({
  db,
  pipelines,
  events,
}: Pick<Host, 'db' | 'pipelines' | 'events'>): () => void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    // Whoever comes later asks for all of them first.
    if (events.listenerCount > 0) {
      for (const pipelineId of changed) {
        if (knownPipeline(db, pipelineId) === undefined) continue;
        events.publish('superglue.changed', pipelineSummary(pipelines.state(pipelineId)));
      }
    }
    changed.clear();
  };
  pipelines.on('changed', (pipelineId) => {
    changed.add(pipelineId);
    timer ??= setTimeout(tell, EVERY_MS);
  });
  pipelines.on('removed', (pipelineIds) => events.publish('superglue.removed', { pipelineIds: [...pipelineIds] }));
  return () => clearTimeout(timer);
}
