/** When waiting runs would start and all would be done, seconds from now; null where something on the way is not known. */
export interface QueuePlan {
  readonly starts: readonly (number | null)[];
  readonly end: number | null;
}

/**
 * Goes through the queue as it is worked off: each waiting run starts when the first engine is free. Figures are as good as
 * the expected times; a run of unknown length makes the starts behind it unknown.
 *
 * @param running seconds left of each run at work, null where not known
 * @param waiting seconds expected of each waiting run, in order
 * @param concurrency engines at work at the same time
 */
export function planQueue(
  running: readonly (number | null)[],
  waiting: readonly (number | null)[],
  concurrency: number,
): QueuePlan {
  // Unknown ends are infinitely late: engines that are free earlier are still planned.
  const ends = running.map((seconds) => seconds ?? Number.POSITIVE_INFINITY);
  const starts = waiting.map((seconds) => {
    const start = freeAt(ends, concurrency);
    ends.push(start + (seconds ?? Number.POSITIVE_INFINITY));
    return Number.isFinite(start) ? start : null;
  });
  const end = Math.max(0, ...ends);
  return { starts, end: Number.isFinite(end) ? end : null };
}

/** The moment from which fewer than `concurrency` of these are still at work. */
function freeAt(ends: readonly number[], concurrency: number): number {
  if (ends.length < concurrency) return 0;
  return [...ends].sort((a, b) => a - b)[ends.length - concurrency] ?? 0;
}
