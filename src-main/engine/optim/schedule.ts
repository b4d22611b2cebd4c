export interface ScheduleSettings {
  readonly learningRate: number;
  readonly warmupSteps: number;
  /** p <= 0, the exponent of the decay. */
  readonly decayPower: number;
  readonly decayForever: boolean;
}

/**
 * Learning rate of optimizer step n = 1, 2, …: linear warm-up to step W, then lr * n^p; the peak is lr * W^p. Unless
 * `decayForever`, n^p is rescaled to a * n^p + b that reaches 0 at `totalSteps`; it is 0 from there on.
 */
export function learningRateAt(settings: ScheduleSettings, step: number, totalSteps: number): number {
  const { learningRate, warmupSteps: W, decayPower: p, decayForever } = settings;
  const scale = decayForever ? 1 : (0 - 1) / (totalSteps ** p - 1);
  const decayed = (n: number): number => scale * n ** p + (1 - scale);
  if (step < W) return learningRate * (step / Math.max(1, W)) * decayed(W);
  return !decayForever && step >= totalSteps ? 0 : learningRate * decayed(step);
}
