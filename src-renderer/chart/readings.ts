import type { PlotPoint, PlotSeries } from './plot.ts';

/** What a series says at x: its nearest point's value, smoothed where there is a smoothed line. */
export interface Reading {
  readonly id: string;
  readonly label: string;
  readonly color: string;
  readonly dash: readonly number[];
  readonly x: number;
  readonly y: number;
  /** Least and greatest value of the bucket; undefined where it holds one value. */
  readonly spread: readonly [number, number] | undefined;
  readonly smoothed: number | undefined;
  /** Values of this point that are NaN or infinite. */
  readonly nonFinite: number;
}

/** Every series' reading at its point nearest to x, for showing all values under the pointer at once. */
export function readingsAt(series: readonly PlotSeries[], x: number): Reading[] {
  return series.flatMap((one) => {
    const index = nearestIndex(one.raw, x);
    const nearest = one.raw[index];
    if (nearest === undefined) return [];
    const { low, high } = one.envelope[index] ?? { low: nearest.y, high: nearest.y };
    return [
      {
        id: one.id,
        label: one.label,
        color: one.color,
        dash: one.dash,
        x: nearest.x,
        y: nearest.y,
        spread: high > low ? ([low, high] as const) : undefined,
        smoothed: one.smoothed[index]?.y,
        nonFinite: one.nonFinite.find((mark) => mark.x === nearest.x)?.count ?? 0,
      },
    ];
  });
}

/** How many values of a series, within the range, are NaN or infinite. */
export function nonFiniteCount(series: PlotSeries, range: readonly [number, number] | undefined): number {
  const [from, to] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return series.nonFinite.reduce((sum, { x, count }) => (x >= from && x <= to ? sum + count : sum), 0);
}

/** Index of the point nearest to x in points ascending by x; -1 where there is none. */
export function nearestIndex(points: readonly Pick<PlotPoint, 'x'>[], x: number): number {
  let low = 0;
  let high = points.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  const before = points[low - 1];
  const at = points[low];
  return before !== undefined && at !== undefined && x - before.x < at.x - x ? low - 1 : low;
}
