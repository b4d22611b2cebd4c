/** How strongly a noisy line is averaged, as the share of what is shown that one average covers. */
export const SMOOTHINGS = [0, 1 / 240, 1 / 120, 1 / 60, 1 / 30, 1 / 15, 1 / 8] as const;
export type Smoothing = number;
export const STANDARD_SMOOTHING: Smoothing = 1 / 60;

/**
 * Exponential moving average without the bias towards 0 at the start: every value so far counts with weight
 * `keep^age`, divided by the sum of the weights. A non-finite value leaves a gap and does not enter the average.
 * @param keep in [0, 1): 0 is the raw line
 */
export function smooth(values: readonly number[], keep: number): number[] {
  let average = 0;
  let weight = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return Number.NaN;
    weight = keep * weight + 1;
    // In this form a constant stays exactly constant.
    average += (value - average) / weight;
    return average;
  });
}

/** Points that one average covers: the share of what is shown, however long that is, and 3 at least; 0 for none. */
export function windowOf(smoothing: Smoothing, points: number): number {
  return smoothing <= 0 ? 0 : Math.max(3, points * smoothing);
}
