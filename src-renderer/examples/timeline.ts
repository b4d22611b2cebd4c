/** Kept steps of several runs as one ascending list without repetitions. */
export function unionOfSteps(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

/** Where `step` stands in the timeline: at it, or at the nearest before it, else at the first; the end where no step is wanted. */
export function positionOf(timeline: readonly number[], step: number | undefined): number {
  if (step === undefined) return Math.max(0, timeline.length - 1);
  const after = timeline.findIndex((one) => one > step);
  return after < 0 ? Math.max(0, timeline.length - 1) : Math.max(0, after - 1);
}

/** The kept step shown for `step`: at it or the nearest before it, else the first; -1 where nothing is kept. */
export function indexAtStep(steps: readonly number[], step: number): number {
  return steps.length === 0 ? -1 : positionOf(steps, step);
}

/** The next of `stops` (ascending) after `step`, or before it. */
export function neighbourStop(stops: readonly number[], step: number, direction: 1 | -1): number | undefined {
  return direction === 1 ? stops.find((one) => one > step) : stops.findLast((one) => one < step);
}

const PLAY_MS = 20_000;
const SLOWEST_MS = 500;
const FASTEST_MS = 60;

/** How long a step stays while the timeline plays: all of it in 20 s where the eye can follow. */
export function playIntervalMs(steps: number): number {
  return Math.min(SLOWEST_MS, Math.max(FASTEST_MS, PLAY_MS / Math.max(1, steps)));
}
