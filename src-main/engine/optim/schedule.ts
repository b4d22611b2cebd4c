export interface ScheduleSettings {
  readonly learningRate: number;
  readonly warmupSteps: number;
  /** p <= 0, the exponent of the decay. */
  readonly decayPower: number;
  readonly decayForever: boolean;
}

/**
 * Learning rate of optimizer step n = 1, 2, …: linear warm-up to step W, then lr * n^p; the peak is lr * W^p. Unless
 * `decayForever`, the multiplier is rescaled to a * n^p + b so that it is 0 at `totalSteps`.
 */
export function learningRateAt(settings: ScheduleSettings, step: number, totalSteps: number): number {
  const { learningRate, warmupSteps: W, decayPower: p, decayForever } = settings;
  const multiplier = step >= W ? step ** p : (step / Math.max(1, W)) * W ** p;
  if (decayForever) return learningRate * multiplier;
  const scale = totalSteps === 1 ? 1 : (0 - 1) / (totalSteps ** p - 1);
  return learningRate * (scale * multiplier + (1 - scale));
}
