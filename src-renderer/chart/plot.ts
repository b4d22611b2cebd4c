import type { DecimatedSeries } from '../../src-shared/ipc/metric-series.ts';
import { smooth, smoothingFor } from './smooth.ts';

/** A point of a line; y is NaN where the line has a gap. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/** One thing that is drawn and named in the legend. */
export interface PlotSeries {
  readonly label: string;
  /** Name of a CSS custom property, e.g. "--series-1". */
  readonly color: string;
  /** Measured, thin and faint where `smoothed` lies over it. */
  readonly raw: readonly PlotPoint[];
  readonly smoothed: readonly PlotPoint[];
  /** Where values were NaN or infinite: they can't be drawn at their height, so they are marked on the upper edge. */
  readonly nonFinite: readonly { readonly x: number; readonly count: number }[];
  /** "line", or "marks" for few, exact points (an evaluation now and then). */
  readonly style: 'line' | 'marks';
}

/** From this many buckets on an average over a line says more than the line. */
const FEWEST_SMOOTHED = 16;

/**
 * A metric of many points: the raw line through each bucket's extremes, and over it, where it is noisy, the average of
 * their means.
 */
export function plotOfMetric(series: DecimatedSeries, label: string, color: string, isNoisy: boolean): PlotSeries {
  const raw: PlotPoint[] = [];
  series.start.forEach((x, index) => {
    const min = series.min[index] ?? Number.NaN;
    const max = series.max[index] ?? Number.NaN;
    raw.push({ x, y: min });
    if (max > min) raw.push({ x, y: max });
  });
  const means = smooth(series.mean, smoothingFor(series.mean.length));
  return {
    label,
    color,
    raw,
    smoothed:
      isNoisy && series.mean.length >= FEWEST_SMOOTHED
        ? series.start.map((x, index) => ({ x, y: means[index] ?? Number.NaN }))
        : [],
    nonFinite: series.start.flatMap((x, index) => {
      const count = series.nonFinite[index] ?? 0;
      return count > 0 ? [{ x, count }] : [];
    }),
    style: 'line',
  };
}

/** A few exact points, e.g. validation scores. */
export function plotOfMarks(points: readonly PlotPoint[], label: string, color: string): PlotSeries {
  return {
    label,
    color,
    raw: points.map(({ x, y }) => ({ x, y: Number.isFinite(y) ? y : Number.NaN })),
    smoothed: [],
    nonFinite: points.filter(({ y }) => !Number.isFinite(y)).map(({ x }) => ({ x, count: 1 })),
    style: 'marks',
  };
}

/** What a series says at x: its nearest point's value, smoothed where there is a smoothed line. */
export interface Reading {
  readonly label: string;
  readonly color: string;
  readonly x: number;
  readonly y: number;
  readonly smoothed: number | undefined;
  readonly nonFinite: number;
}

/** Every series' reading at its point nearest to x, for showing all values under the pointer at once. */
export function readingsAt(series: readonly PlotSeries[], x: number): Reading[] {
  return series.flatMap((one) => {
    const nearest = one.raw[nearestIndex(one.raw, x)];
    if (nearest === undefined) return [];
    const smoothed = one.smoothed[nearestIndex(one.smoothed, nearest.x)]?.y;
    const nonFinite = one.nonFinite.find((mark) => mark.x === nearest.x)?.count ?? 0;
    return [{ label: one.label, color: one.color, x: nearest.x, y: nearest.y, smoothed, nonFinite }];
  });
}

/** Index of the point nearest to x in points ascending by x; -1 where there is none. */
export function nearestIndex(points: readonly PlotPoint[], x: number): number {
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

/** The range of x over all series; undefined where nothing is there yet. */
export function rangeOfX(series: readonly PlotSeries[]): readonly [number, number] | undefined {
  const ends = series.flatMap(({ raw }) => [raw[0]?.x, raw.at(-1)?.x]).filter((x) => x !== undefined);
  return ends.length === 0 ? undefined : [Math.min(...ends), Math.max(...ends)];
}
