import type { PlotPoint, Spread } from '../chart/plot.ts';
import type { DecimatedSeries } from '../../src-shared/ipc/metric-series.ts';

/** Mean over seeds at the same steps, with one standard deviation either way where two or more have a value. */
export interface MeanSeries {
  readonly start: readonly number[];
  readonly mean: readonly number[];
  /** NaN where fewer than two values are known. */
  readonly std: readonly number[];
  /** Not finite values of all seeds. */
  readonly nonFinite: readonly number[];
}

/**
 * Averages bucket by bucket. Series of different bucket widths (one run is longer) are brought to the widest; widths are
 * powers of two and borders their multiples, so neighbours merge exactly. Seeds count equally, whatever they hold.
 */
export function meanSeries(series: readonly DecimatedSeries[]): MeanSeries {
  const width = Math.max(1, ...series.map(({ bucketSteps }) => bucketSteps));
  const values = new Map<number, number[]>();
  const lost = new Map<number, number>();
  for (const one of series) {
    for (const [start, { mean, nonFinite }] of widened(one, width)) {
      const members = values.get(start) ?? [];
      values.set(start, Number.isFinite(mean) ? [...members, mean] : members);
      lost.set(start, (lost.get(start) ?? 0) + nonFinite);
    }
  }
  const start = [...values.keys()].sort((a, b) => a - b);
  const spread = start.map((step) => meanAndStd(values.get(step) ?? []));
  return {
    start,
    mean: spread.map(({ mean }) => mean),
    std: spread.map(({ std }) => std),
    nonFinite: start.map((step) => lost.get(step) ?? 0),
  };
}

function widened(series: DecimatedSeries, width: number): Map<number, { mean: number; nonFinite: number }> {
  const merged = new Map<number, { sum: number; finite: number; nonFinite: number }>();
  series.start.forEach((step, index) => {
    const start = step - (step % width);
    const into = merged.get(start) ?? { sum: 0, finite: 0, nonFinite: 0 };
    const finite = series.finite[index] ?? 0;
    merged.set(start, {
      sum: into.sum + (finite > 0 ? (series.mean[index] ?? 0) * finite : 0),
      finite: into.finite + finite,
      nonFinite: into.nonFinite + (series.nonFinite[index] ?? 0),
    });
  });
  return new Map(
    [...merged].map(([start, { sum, finite, nonFinite }]) => [
      start,
      { mean: finite > 0 ? sum / finite : Number.NaN, nonFinite },
    ]),
  );
}

/** Mean and standard deviation over seeds of points at equal x, e.g. of evaluations; ascending by x. */
export function meanPoints(seeds: readonly (readonly PlotPoint[])[]): { points: PlotPoint[]; spread: Spread[] } {
  const values = new Map<number, number[]>();
  for (const { x, y } of seeds.flat()) values.set(x, [...(values.get(x) ?? []), y]);
  const rows = [...values]
    .sort(([a], [b]) => a - b)
    .map(([x, ys]) => ({ x, ...meanAndStd(ys.filter((y) => Number.isFinite(y))) }));
  return {
    points: rows.map(({ x, mean }) => ({ x, y: mean })),
    spread: rows.every(({ std }) => Number.isNaN(std))
      ? []
      : rows.map(({ x, mean, std }) => spreadAround(x, mean, std)),
  };
}

/** No spread is known: the band has no width there. */
export function spreadAround(x: number, mean: number, std: number): Spread {
  const half = Number.isFinite(std) ? std : 0;
  return { x, low: mean - half, high: mean + half };
}

function meanAndStd(values: readonly number[]): { mean: number; std: number } {
  if (values.length === 0) return { mean: Number.NaN, std: Number.NaN };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean, std: Number.NaN };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (values.length - 1)) };
}
