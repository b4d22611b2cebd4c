import type { DecimatedSeries } from '../../src-shared/ipc/metric-series.ts';
import { smooth, windowOf, type Smoothing } from './smooth.ts';
import type { XMap } from './x-axis.ts';

/** A point of a line; y is NaN where the line has a gap. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/** Least and greatest value of a bucket. */
export interface Spread {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** How a series is drawn; `seriesLook(N)` and run-colors' `lookOf` give one. */
export interface SeriesLook {
  /** Name of a CSS custom property, e.g. "--series-1". */
  readonly color: string;
  /** Second cue beside the colour: dash pattern in CSS pixels, [] for a solid line. */
  readonly dash: readonly number[];
}

/** One thing that is drawn and named in the legend. */
export interface PlotSeries extends SeriesLook {
  /** Unique within its chart. */
  readonly id: string;
  readonly label: string;
  /** Measured (mean of each bucket), thin; faint where `smoothed` lies over it. */
  readonly raw: readonly PlotPoint[];
  /** From least to greatest value per bucket; [] where every bucket holds one value. */
  readonly envelope: readonly Spread[];
  readonly smoothed: readonly PlotPoint[];
  /** Where values were NaN or infinite: they can't be drawn at their height, so they are marked on the upper edge. */
  readonly nonFinite: readonly { readonly x: number; readonly count: number }[];
  /** "line", or "marks" for few, exact points (an evaluation now and then). */
  readonly style: 'line' | 'marks';
}

/** A horizontal line that a chart shows for comparison, e.g. a published value. */
export interface ReferenceLine {
  readonly y: number;
  readonly label: string;
}

/** What one chart draws. */
export interface Plot {
  readonly series: readonly PlotSeries[];
  /** Range of the x axis, shared by the charts of a page; undefined while nothing is there. */
  readonly rangeOfX: readonly [number, number] | undefined;
  /** Fixed range of the y axis, e.g. shared by small multiples; from what is shown where left out. */
  readonly rangeOfY?: readonly [number, number] | undefined;
  readonly references?: readonly ReferenceLine[] | undefined;
}

/** The page's series colours in turn, solid. */
export function seriesLook(index: number): SeriesLook {
  return { color: `--series-${(index % 6) + 1}`, dash: index < 6 ? [] : [6, 3] };
}

/** From this many buckets on an average over a line says more than the line. */
const FEWEST_SMOOTHED = 16;

export interface MetricPlotOptions extends SeriesLook {
  readonly id: string;
  readonly label: string;
  readonly smoothing: Smoothing;
  /** Where a step lies on the x axis. */
  readonly x: XMap;
}

/** A metric of many points: its means, their spread, and over them, where it is asked for, their moving average. */
export function plotOfMetric(series: DecimatedSeries, options: MetricPlotOptions): PlotSeries {
  const { id, label, color, dash, smoothing, x: map } = options;
  const xs = series.start.map((step) => map.toX(step));
  const at = (index: number): number => xs[index] ?? Number.NaN;
  const isSpread = series.max.some((max, index) => max > (series.min[index] ?? max));
  const window = series.mean.length < FEWEST_SMOOTHED ? 0 : windowOf(smoothing, series.mean.length);
  return {
    id,
    label,
    color,
    dash,
    raw: series.mean.map((y, index) => ({ x: at(index), y })),
    envelope: isSpread ? series.min.map((low, index) => ({ x: at(index), low, high: series.max[index] ?? low })) : [],
    smoothed: window <= 1 ? [] : smooth(series.mean, 1 - 1 / window).map((y, index) => ({ x: at(index), y })),
    nonFinite: series.nonFinite.flatMap((count, index) => (count > 0 ? [{ x: at(index), count }] : [])),
    style: 'line',
  };
}

/** A few exact points, e.g. validation scores, ascending by x. */
export function plotOfMarks(
  points: readonly PlotPoint[],
  { id, label, color, dash }: SeriesLook & { readonly id: string; readonly label: string },
): PlotSeries {
  return {
    id,
    label,
    color,
    dash,
    raw: points.map(({ x, y }) => ({ x, y: Number.isFinite(y) ? y : Number.NaN })),
    envelope: [],
    smoothed: [],
    nonFinite: points.filter(({ y }) => !Number.isFinite(y)).map(({ x }) => ({ x, count: 1 })),
    style: 'marks',
  };
}

/** A line through exact points, e.g. measurements of the machine; neither smoothed nor in buckets. */
export function plotOfPoints(
  points: readonly PlotPoint[],
  names: SeriesLook & { readonly id: string; readonly label: string },
): PlotSeries {
  return { ...plotOfMarks(points, names), style: 'line' };
}
