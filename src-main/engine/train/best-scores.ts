import { isBetterScore, metricFacts } from '../../../src-shared/run/metric-catalogue.ts';

/** Best value of each tracked metric so far, and the step it was reached at; plain data of a checkpoint. */
export type BestScores = Record<string, { value: number; step: number }>;

/**
 * Updates `best` with an evaluation's scores; returns the metrics that improved. Tracked is every metric that has a
 * better side; a score that is not finite never counts, an equal one keeps the earlier checkpoint.
 */
export function updateBest(best: BestScores, scores: Readonly<Record<string, number>>, step: number): string[] {
  const improved: string[] = [];
  for (const [metric, value] of Object.entries(scores)) {
    if (!Number.isFinite(value) || metricFacts(metric).direction === 'none') continue;
    const previous = best[metric];
    if (previous !== undefined && !isBetterScore(metric, value, previous.value)) continue;
    best[metric] = { value, step };
    improved.push(metric);
  }
  return improved;
}
