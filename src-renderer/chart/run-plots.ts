import type { DecimatedSeries } from '../../src-shared/ipc/metric-series.ts';
import type { EvaluationView } from '../../src-shared/ipc/run-views.ts';
import { metricFacts } from '../../src-shared/run/metric-catalogue.ts';
import { rangeOfX } from './extent.ts';
import { plotOfMarks, plotOfMetric, seriesLook, type PlotSeries } from './plot.ts';
import type { Smoothing } from './smooth.ts';
import type { XMap } from './x-axis.ts';

/** One chart of a run's page. */
export interface RunPlot {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly series: readonly PlotSeries[];
}

/** How the charts of a page are drawn. */
export interface RunPlotOptions {
  readonly smoothing: Smoothing;
  readonly x: XMap;
}

interface Group {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly holds: (metric: string) => boolean;
}

const STUDENT_LOSS: Group = {
  id: 'student-loss',
  title: 'Student loss',
  unit: 'nats/token',
  holds: (name) => name === 'loss' || name.startsWith('student.loss'),
};

const GROUPS: readonly Group[] = [
  { id: 'feedback', title: 'Feedback h', unit: '', holds: (name) => name === 'feedback.h' },
  { id: 'teacher-loss', title: 'Teacher loss', unit: 'nats/token', holds: (name) => name.startsWith('teacher.loss') },
  { id: 'learning-rate', title: 'Learning rate', unit: '', holds: (name) => name.endsWith('.learningRate') },
  { id: 'gradient-norm', title: 'Gradient norm', unit: '', holds: (name) => /\.gradNorm/.test(name) },
  { id: 'speed', title: 'Speed', unit: 'samples/s', holds: (name) => name === 'samplesPerSecond' },
  { id: 'data-wait', title: 'Waiting for data', unit: 'share', holds: (name) => name === 'dataWaitShare' },
  {
    id: 'lost',
    title: 'Lost values',
    unit: 'per interval',
    holds: (name) => name === 'nonFinite' || name === 'feedback.skipped',
  },
];

/** Whether a metric has its place in one of the run page's charts; any other gets a chart when it is asked for. */
export function isGrouped(metric: string): boolean {
  return [STUDENT_LOSS, ...GROUPS].some(({ holds }) => holds(metric));
}

/**
 * The charts of a run in the order of the page: student losses with the validation loss, validation scores, feedback,
 * teacher losses, what else it measures, and metrics that were asked for. Charts without a point are left out, except
 * the first.
 */
export function runPlots(
  metrics: ReadonlyMap<string, DecimatedSeries>,
  evaluations: readonly EvaluationView[],
  options: RunPlotOptions,
): RunPlot[] {
  const losses = plotOfGroup(STUDENT_LOSS, metrics, options);
  const validation = marksOf(evaluations, (name) => name === 'loss', losses.series.length, options);
  const scores: RunPlot = {
    id: 'validation',
    title: 'Validation scores',
    unit: '%',
    series: marksOf(evaluations, (name) => metricFacts(name).format === 'score', 0, options),
  };
  const others = GROUPS.map((group) => plotOfGroup(group, metrics, options));
  const plots = [scores, ...others].filter(({ series }) => series.length > 0);
  return [{ ...losses, series: [...losses.series, ...validation] }, ...plots, ...chosenPlots(metrics, options)];
}

/** The x axis that all charts of a run share. */
export function sharedRangeOfX(plots: readonly RunPlot[]): readonly [number, number] | undefined {
  return rangeOfX(plots.flatMap(({ series }) => series));
}

/** Counts that are worth a chart only when there is something to count. */
const COUNTS_OF_LOSS = new Set(['nonFinite', 'feedback.skipped']);

function isLoss(count: number): boolean {
  return count > 0;
}

function plotOfGroup(
  { id, title, unit, holds }: Group,
  metrics: ReadonlyMap<string, DecimatedSeries>,
  options: RunPlotOptions,
): RunPlot {
  const series = [...metrics.values()]
    .filter(
      ({ name, start, max }) => holds(name) && start.length > 0 && (!COUNTS_OF_LOSS.has(name) || max.some(isLoss)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((one, index) => plotOfOne(one, index, options));
  return { id, title, unit, series };
}

function chosenPlots(metrics: ReadonlyMap<string, DecimatedSeries>, options: RunPlotOptions): RunPlot[] {
  return [...metrics.values()]
    .filter(({ name, start }) => !isGrouped(name) && start.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((one) => ({
      id: one.name,
      title: metricFacts(one.name).label,
      unit: metricFacts(one.name).unit,
      series: [plotOfOne(one, 0, options)],
    }));
}

function plotOfOne(series: DecimatedSeries, index: number, { smoothing, x }: RunPlotOptions): PlotSeries {
  const { label, format } = metricFacts(series.name);
  const isNoisy = format !== 'rate' && format !== 'count';
  return plotOfMetric(series, {
    id: series.name,
    label,
    ...seriesLook(index),
    smoothing: isNoisy ? smoothing : 0,
    x,
  });
}

function marksOf(
  evaluations: readonly EvaluationView[],
  holds: (name: string) => boolean,
  firstColor: number,
  { x }: RunPlotOptions,
): PlotSeries[] {
  const ofValidation = evaluations.filter(({ split, weights }) => split === 'validation' && weights === 'current');
  const names = [...new Set(ofValidation.flatMap(({ scores }) => Object.keys(scores)))].filter(holds).sort();
  return names.map((name, index) => {
    const points = ofValidation
      .flatMap(({ step, scores }) => (scores[name] === undefined ? [] : [{ x: x.toX(step), y: scores[name] }]))
      .sort((a, b) => a.x - b.x);
    const label = `Validation ${metricFacts(name).label.toLowerCase()}`;
    return plotOfMarks(points, { id: `validation.${name}`, label, ...seriesLook(firstColor + index) });
  });
}
