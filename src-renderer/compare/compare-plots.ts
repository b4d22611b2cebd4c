import type { DecimatedSeries } from '../../src-shared/ipc/metric-series.ts';
import type { EvaluationView } from '../../src-shared/ipc/run-views.ts';
import { plotOfMarks, plotOfMetric, type PlotPoint, type PlotSeries, type SeriesLook } from '../chart/plot.ts';
import { smooth, windowOf, type Smoothing } from '../chart/smooth.ts';
import type { XMap } from '../chart/x-axis.ts';
import { meanPoints, meanSeries, spreadAround } from './mean-series.ts';
import { parseEvaluationMetric } from './metric-id.ts';

/** A line of every chart: a run, or the seeds of one configuration as their mean. */
export interface ComparedLine extends SeriesLook {
  readonly id: string;
  readonly label: string;
  readonly runs: readonly ComparedRun[];
}

export interface ComparedRun {
  readonly x: XMap;
  readonly seriesOf: (metric: string) => DecimatedSeries | undefined;
  readonly evaluations: readonly EvaluationView[];
}

/** One metric of all lines; a line without a value of it is left out. */
export function compareSeries(metric: string, lines: readonly ComparedLine[], smoothing: Smoothing): PlotSeries[] {
  const evaluated = parseEvaluationMetric(metric);
  return lines
    .map((line) =>
      evaluated === undefined
        ? stepSeries(metric, line, smoothing)
        : evaluationSeries(evaluated.split, evaluated.metric, line),
    )
    .filter((series) => series !== undefined);
}

function stepSeries(metric: string, line: ComparedLine, smoothing: Smoothing): PlotSeries | undefined {
  const known = line.runs.flatMap((run) => {
    const series = run.seriesOf(metric);
    return series === undefined || series.start.length === 0 ? [] : [{ series, x: run.x }];
  });
  const [only] = known;
  if (only === undefined) return undefined;
  const { id, label, color, dash } = line;
  if (known.length === 1) return plotOfMetric(only.series, { id, label, color, dash, smoothing, x: only.x });
  const { start, mean, std, nonFinite } = meanSeries(known.map(({ series }) => series));
  const xs = start.map((step) =>
    meanX(
      known.map(({ x }) => x),
      step,
    ),
  );
  const at = (index: number): number => xs[index] ?? Number.NaN;
  const window = mean.length < FEWEST_SMOOTHED ? 0 : windowOf(smoothing, mean.length);
  return {
    id,
    label,
    color,
    dash,
    raw: mean.map((y, index) => ({ x: at(index), y })),
    envelope: mean.map((y, index) => spreadAround(at(index), y, std[index] ?? Number.NaN)),
    smoothed: window <= 1 ? [] : smooth(mean, 1 - 1 / window).map((y, index) => ({ x: at(index), y })),
    nonFinite: nonFinite.flatMap((count, index) => (count > 0 ? [{ x: at(index), count }] : [])),
    style: 'line',
  };
}

/** As for single runs: below this an average says no more than the line. */
const FEWEST_SMOOTHED = 16;

/** Seeds reach a step at different times; their mean line is drawn at the mean of them. */
function meanX(maps: readonly XMap[], step: number): number {
  return maps.reduce((sum, { toX }) => sum + toX(step), 0) / maps.length;
}

function evaluationSeries(split: string, metric: string, line: ComparedLine): PlotSeries | undefined {
  const seeds = line.runs
    .map((run) => evaluationPoints(run.evaluations, split, metric))
    .filter((one) => one.length > 0);
  if (seeds.length === 0) return undefined;
  const maps = line.runs.map(({ x }) => x);
  const { points, spread } = meanPoints(seeds);
  const { id, label, color, dash } = line;
  const marks = plotOfMarks(
    points.map(({ x, y }) => ({ x: meanX(maps, x), y })),
    { id, label, color, dash },
  );
  return { ...marks, envelope: spread.map((one) => ({ ...one, x: meanX(maps, one.x) })) };
}

/** What evaluations of the weights at hand found, by step. */
export function evaluationPoints(evaluations: readonly EvaluationView[], split: string, metric: string): PlotPoint[] {
  return evaluations
    .filter((one) => one.split === split && one.weights === 'current')
    .flatMap(({ step, scores }) => (scores[metric] === undefined ? [] : [{ x: step, y: scores[metric] }]))
    .sort((a, b) => a.x - b.x);
}
