const STEPS = [1, 2, 5, 10] as const;
const SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
] as const;

/** The smallest of 1, 2 or 5 times a power of ten that cuts the range into at most `most` parts. */
export function niceStep(low: number, high: number, most: number): number {
  const rough = (high - low) / Math.max(1, most);
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return (STEPS.find((step) => step * power >= rough * (1 - 1e-9)) ?? 10) * power;
}

/** Multiples of the step within the range. */
export function multiplesWithin(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // A product, not a sum: 3 * 0.1 is off by one digit in the last place, ten added tenths by more.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const value = (first + index) * step;
    return Object.is(value, -0) ? 0 : Number(value.toPrecision(12));
  });
}

/** Round counts (of steps, of examples): never a part of one. */
export function countTicks(low: number, high: number, most: number): number[] {
  return multiplesWithin(low, high, Math.max(1, niceStep(low, high, most)));
}

/** Round times, in seconds. */
export function timeTicks(low: number, high: number, most: number): number[] {
  const rough = (high - low) / Math.max(1, most);
  const step = SECONDS.find((seconds) => seconds >= rough) ?? Math.ceil(rough / 86_400) * 86_400;
  // Below a second a run is too short for a clock; tenths do.
  return multiplesWithin(low, high, rough < 0.5 ? niceStep(low, high, most) : step);
}
