import type { PlotSeries } from './plot.ts';

/** What the y values of a chart span. */
export interface Extent {
  readonly low: number;
  readonly high: number;
  /** Least value above 0, where a log axis begins; Infinity where there is none. */
  readonly lowestPositive: number;
  /** Points at or below 0, which a log axis can't show. */
  readonly notPositive: number;
}

/** The range of x over all series; undefined where nothing is there yet. */
export function rangeOfX(series: readonly PlotSeries[]): readonly [number, number] | undefined {
  const ends = series.flatMap(({ raw }) => [raw[0]?.x, raw.at(-1)?.x]).filter((x) => x !== undefined);
  return ends.length === 0 ? undefined : [Math.min(...ends), Math.max(...ends)];
}

/** The range of y over what lies within the range of x, spreads included; undefined where nothing finite does. */
export function extentOfY(
  series: readonly PlotSeries[],
  range: readonly [number, number] | undefined,
): Extent | undefined {
  const [from, to] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let lowestPositive = Number.POSITIVE_INFINITY;
  let notPositive = 0;
  const take = (y: number): void => {
    if (!Number.isFinite(y)) return;
    low = Math.min(low, y);
    high = Math.max(high, y);
    if (y > 0) lowestPositive = Math.min(lowestPositive, y);
  };
  for (const { raw, envelope } of series) {
    for (const { x, y } of raw) {
      if (x < from || x > to) continue;
      take(y);
      if (y <= 0) notPositive += 1;
    }
    for (const { x, low: least, high: greatest } of envelope) {
      if (x < from || x > to) continue;
      take(least);
      take(greatest);
    }
  }
  return low > high ? undefined : { low, high, lowestPositive, notPositive };
}
