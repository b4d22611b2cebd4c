import { SUPERGLUE_TASK_NAMES } from '../../src-shared/config/superglue-tasks.ts';
import type { PipelineSummary } from '../../src-shared/ipc/contract/superglue.ts';
import { taskMetrics, taskScore } from '../../src-shared/run/superglue-scores.ts';

/** First word of the places in which a run's row has the scores of what was fine-tuned from it. */
const PIPELINE = 'pipeline';

/**
 * What pipelines made of a run, as further scores of it: "pipeline.latest.CB_F1" by checkpoint. Of several that have a task
 * the first counts; lists are newest first.
 */
export function pipelineScores(runId: string, pipelines: readonly PipelineSummary[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { source, scores } of pipelines.filter((one) => one.source?.runId === runId).toReversed()) {
    for (const task of SUPERGLUE_TASK_NAMES) {
      if (taskScore(task, scores) === undefined) continue;
      for (const [key, value] of Object.entries(taskMetrics(task, scores))) {
        found[`${PIPELINE}.${source?.checkpoint ?? ''}.${key}`] = value;
      }
    }
  }
  return found;
}

/** "pipeline.best-loss" -> "Fine-tuned from best loss"; undefined for other places. */
export function pipelinePlaceLabel(place: string): string | undefined {
  if (!place.startsWith(`${PIPELINE}.`)) return undefined;
  return `Fine-tuned from ${place.slice(PIPELINE.length + 1).replace(/^best-/, 'best ')}`;
}

/** Where a table looks first: what was fine-tuned from latest weights, then from others, then the runs' own scores. */
export function leadingPlace(places: readonly string[]): string | undefined {
  return (
    places.find((place) => place === `${PIPELINE}.latest`) ??
    places.find((place) => place.startsWith(`${PIPELINE}.`)) ??
    places.find((place) => place === 'validation.best') ??
    places[0]
  );
}
