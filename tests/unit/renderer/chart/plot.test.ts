import { describe, expect, it } from 'vitest';
import { extentOfY, rangeOfX } from '../../../../src-renderer/chart/extent.ts';
import { plotOfMarks, plotOfMetric, seriesLook, type PlotSeries } from '../../../../src-renderer/chart/plot.ts';
import { tableOf } from '../../../../src-renderer/chart/plot-table.ts';
import { nearestIndex, nonFiniteCount, readingsAt } from '../../../../src-renderer/chart/readings.ts';
import { smooth, windowOf } from '../../../../src-renderer/chart/smooth.ts';
import { BY_STEP } from '../../../../src-renderer/chart/x-axis.ts';
import { BucketedSeries } from '../../../../src-shared/ipc/bucketed-series.ts';

function bucketed(steps: readonly number[], values: readonly number[], maxBuckets = 512) {
  const growing = new BucketedSeries('student.loss', maxBuckets);
  growing.append(steps, values);
  return growing.snapshot();
}

function plotted(steps: readonly number[], values: readonly number[], maxBuckets = 512, smoothing = 0): PlotSeries {
  return plotOfMetric(bucketed(steps, values, maxBuckets), {
    id: 'student.loss',
    label: 'Loss',
    ...seriesLook(0),
    smoothing,
    x: BY_STEP,
  });
}

const count = (length: number): number[] => Array.from({ length }, (_, index) => index);

describe('smoothing', () => {
  it('keeps a constant, has no bias at the start, and leaves a gap at NaN', () => {
    expect(smooth([3.3, 3.3, 3.3], 0.9)).toEqual([3.3, 3.3, 3.3]);
    expect(smooth([2, NaN, 4], 0.5)).toEqual([2, NaN, expect.closeTo((0.5 * 2 + 4) / 1.5, 12)]);
    expect(smooth([1, 5], 0)).toEqual([1, 5]);
  });

  it('covers a share of what is shown, three points at least, none when it is off', () => {
    expect([windowOf(0, 600), windowOf(1 / 60, 600), windowOf(1 / 60, 30)]).toEqual([0, 10, 3]);
  });
});

describe('a plotted metric', () => {
  it('is the mean of each bucket, with its extremes around it and what was not finite marked', () => {
    const plot = plotted([0, 1, 2, 3], [5, 3, NaN, 4], 2);
    expect(plot.raw).toEqual([
      { x: 0, y: 4 },
      { x: 2, y: 4 },
    ]);
    expect(plot.envelope).toEqual([
      { x: 0, low: 3, high: 5 },
      { x: 2, low: 4, high: 4 },
    ]);
    expect(plot.nonFinite).toEqual([{ x: 2, count: 1 }]);
    expect(plotted([0, 1], [5, 3]).envelope).toEqual([]);
  });

  it('keeps a spike of one step visible among a million', () => {
    const values = count(100_000).map((index) => (index === 77_777 ? 1000 : 1));
    const plot = plotted(count(100_000), values, 256);
    expect(plot.raw.length).toBeLessThanOrEqual(256);
    expect(Math.max(...plot.envelope.map(({ high }) => high))).toBe(1000);
    expect(extentOfY([plot], undefined)).toMatchObject({ low: 1, high: 1000 });
  });

  it('is smoothed once there is enough of it, its measured line kept', () => {
    const noisy = count(40).map((index) => index % 2);
    const plot = plotted(count(40), noisy, 512, 1 / 60);
    expect(plot.smoothed).toHaveLength(40);
    expect(plot.raw.map(({ y }) => y)).toEqual(noisy);
    expect(plotted(count(40), noisy, 512, 0).smoothed).toEqual([]);
    expect(plotted(count(10), noisy.slice(0, 10), 512, 1 / 60).smoothed).toEqual([]);
  });

  it('lies where the x axis puts its steps', () => {
    const x = { toX: (step: number) => step * 128, toStep: (at: number) => at / 128 };
    const options = { id: 'a', label: 'A', ...seriesLook(0), smoothing: 0, x };
    expect(plotOfMetric(bucketed([1, 2], [7, 8]), options).raw).toEqual([
      { x: 128, y: 7 },
      { x: 256, y: 8 },
    ]);
  });

  it('zoomed in, is finer: the buckets of the part merge into those of the whole', () => {
    const values = count(4096).map((index) => Math.sin(index));
    const whole = plotted(count(4096), values, 64);
    const part = plotted(count(4096).slice(1024, 1280), values.slice(1024, 1280), 64);
    const inside = part.envelope.filter(({ x }) => x >= 1024 && x < 1088);
    const merged = whole.envelope.find(({ x }) => x === 1024);
    expect(part.envelope.length).toBeGreaterThan(4 * 4);
    expect(Math.min(...inside.map(({ low }) => low))).toBe(merged?.low);
    expect(Math.max(...inside.map(({ high }) => high))).toBe(merged?.high);
  });
});

describe('readings', () => {
  const marks = plotOfMarks([{ x: 2, y: 1.5 }], { id: 'v', label: 'Validation', ...seriesLook(1) });

  it('tell the values of all series nearest to the pointer', () => {
    const loss = plotted([1, 2, 3], [9, 8, 7]);
    expect(readingsAt([loss, marks], 2.4).map(({ label, x, y }) => [label, x, y])).toEqual([
      ['Loss', 2, 8],
      ['Validation', 2, 1.5],
    ]);
    expect([0, 1.4, 1.6, 9].map((x) => nearestIndex(loss.raw, x))).toEqual([0, 0, 1, 2]);
    expect(nearestIndex([], 1)).toBe(-1);
  });

  it('say how far a bucket spreads and what was lost in it', () => {
    const [reading] = readingsAt([plotted([0, 1, 2, 3], [5, 3, NaN, 4], 2)], 0);
    expect(reading).toMatchObject({ y: 4, spread: [3, 5], nonFinite: 0 });
    expect(readingsAt([plotted([0, 1], [5, Infinity])], 1)[0]).toMatchObject({ y: NaN, nonFinite: 1 });
  });

  it('count what was lost within the range alone', () => {
    const plot = plotted([0, 1, 2, 3], [NaN, 1, Infinity, -Infinity]);
    expect(nonFiniteCount(plot, undefined)).toBe(3);
    expect(nonFiniteCount(plot, [1, 2])).toBe(1);
  });
});

describe('ranges', () => {
  it('span all series, and of y only what lies within the range of x', () => {
    const plot = plotted([0, 1, 2, 3], [-1, 0, 2, 90]);
    expect(rangeOfX([plot])).toEqual([0, 3]);
    expect(rangeOfX([])).toBeUndefined();
    expect(extentOfY([plot], [0, 2])).toEqual({ low: -1, high: 2, lowestPositive: 2, notPositive: 2 });
    expect(extentOfY([plotted([0], [NaN])], undefined)).toBeUndefined();
  });
});

describe('the table of a plot', () => {
  it('has a row per x, a column per series, and at most as many rows as asked', () => {
    const marks = plotOfMarks([{ x: 2, y: 1.5 }], { id: 'v', label: 'Validation', ...seriesLook(1) });
    const plot = { series: [plotted([1, 2], [9, NaN]), marks], rangeOfX: undefined };
    expect(tableOf(plot, 10)).toEqual([
      { x: 1, values: [9, undefined] },
      { x: 2, values: [NaN, 1.5] },
    ]);
    const long = tableOf({ series: [plotted(count(500), count(500))], rangeOfX: [100, 399] }, 50);
    expect(long.length).toBeLessThanOrEqual(51);
    expect([long[0]?.x, long.at(-1)?.x]).toEqual([100, 399]);
  });
});
