import type { Plot } from './plot.ts';

/** One x with the value of every series there; undefined where a series has no point at it, NaN where it was lost. */
export interface PlotRow {
  readonly x: number;
  readonly values: readonly (number | undefined)[];
}

/** The measured points of a plot as a table, ascending by x; every n-th row where there are more than `most`. */
export function tableOf({ series, rangeOfX }: Plot, most: number): PlotRow[] {
  const [from, to] = rangeOfX ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const columns = series.map(({ raw }) => new Map(raw.map(({ x, y }) => [x, y])));
  const xs = [...new Set(series.flatMap(({ raw }) => raw.map(({ x }) => x)))]
    .filter((x) => x >= from && x <= to)
    .sort((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(xs.length / most));
  return xs
    .filter((_, index) => index % stride === 0 || index === xs.length - 1)
    .map((x) => ({ x, values: columns.map((column) => column.get(x)) }));
}
