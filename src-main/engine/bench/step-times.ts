/** How long each measured step took. */
export interface StepTimes {
  readonly stepMs: readonly number[];
  /** First step's begin to last step's end. */
  readonly totalMs: number;
}

/** The value that a share (0..1) of the values does not exceed: the nearest rank, no interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}
