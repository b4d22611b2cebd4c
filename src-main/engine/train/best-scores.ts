/** Best value of each tracked metric so far, and the step it was reached at; plain data of a checkpoint. */
export type BestScores = Record<string, { value: number; step: number }>;

/** Smaller is better for losses, larger for everything else. */
export function isBetter(metric: string, value: number, than: number): boolean {
  return isLoss(metric) ? value < than : value > than;
}

function isLoss(metric: string): boolean {
  return metric.toLowerCase().endsWith('loss');
}

/**
 * Updates `best` with an evaluation's scores; returns the metrics that improved. A score that is not finite never
 * counts, an equal one keeps the earlier checkpoint.
 */
export function updateBest(best: BestScores, scores: Readonly<Record<string, number>>, step: number): string[] {
  const improved: string[] = [];
  for (const [metric, value] of Object.entries(scores)) {
    if (!Number.isFinite(value)) continue;
    const previous = best[metric];
    if (previous !== undefined && !isBetter(metric, value, previous.value)) continue;
    best[metric] = { value, step };
    improved.push(metric);
  }
  return improved;
}
