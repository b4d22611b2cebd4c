import { isBetterScore, metricFacts } from '../../../src-shared/run/metric-catalogue.ts';

/** Best value of each tracked metric so far, and the step it was reached at; plain data of a checkpoint. */
export type BestScores = Record<string, { value: number; step: number }>;

/** The score of a task, or of several: which checkpoint is best goes by it, not by the metrics it is the mean of. */
const OVERALL = 'Overall';

/**
 * Updates `best` with an evaluation's scores; returns the metrics that improved, whose checkpoints are to be kept. Tracked is
 * every metric that has a better side; a score that is not finite never counts, an equal one keeps the earlier checkpoint.
 * Where there is an Overall score, the metrics beside it and the loss are not tracked, and `best` has those of the best
 * Overall: numbers of one model, which the best of each would not be.
 */
export function updateBest(best: BestScores, scores: Readonly<Record<string, number>>, step: number): string[] {
  const improved: string[] = [];
  const parts = OVERALL in scores ? Object.keys(scores).filter((name) => name !== OVERALL && name !== 'loss') : [];
  for (const [metric, value] of Object.entries(scores)) {
    if (parts.includes(metric) || !Number.isFinite(value) || metricFacts(metric).direction === 'none') continue;
    const previous = best[metric];
    if (previous !== undefined && !isBetterScore(metric, value, previous.value)) continue;
    best[metric] = { value, step };
    improved.push(metric);
  }
  if (improved.includes(OVERALL)) {
    for (const part of parts) {
      const value = scores[part];
      if (value !== undefined && Number.isFinite(value)) best[part] = { value, step };
    }
  }
  return improved;
}
