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

/** A smoothing that averages over about a sixtieth of what is shown, however long that is, and over 3 points at least. */
export function smoothingFor(points: number): number {
  const window = Math.max(3, points / 60);
  return 1 - 1 / window;
}
