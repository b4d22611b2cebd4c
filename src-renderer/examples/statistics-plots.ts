import type { HeadColumns, TeacherSteps } from '../../src-shared/ipc/contract/teacher-examples.ts';
import type { Plot, PlotSeries } from '../chart/plot.ts';
import type { RunLook } from '../state/run-colors.ts';

/** A chart of one statistic over the steps. */
export interface StatisticsPlot {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly help: string;
  readonly plot: Plot;
}

interface Statistic {
  readonly id: keyof HeadColumns;
  readonly title: string;
  readonly unit: string;
  readonly help: string;
}

const STATISTICS: readonly Statistic[] = [
  { id: 'kept', title: 'Kept', unit: '%', help: 'Positions at which the token of the text was written.' },
  { id: 'masked', title: 'Masked', unit: '%', help: 'Positions at which [MASK] was written.' },
  { id: 'replaced', title: 'Replaced', unit: '%', help: 'Positions at which another ordinary token was written.' },
  { id: 'distinct', title: 'Tokens', unit: 'different', help: 'How many different tokens were written.' },
  { id: 'topShare', title: 'Most frequent', unit: '%', help: 'Positions with the most frequent token.' },
  { id: 'tokenEntropy', title: 'Entropy', unit: 'nats', help: 'Of the distribution of the written tokens.' },
  {
    id: 'teacherEntropy',
    title: 'Unsure',
    unit: 'nats',
    help: "Mean entropy of the teacher's own distributions, per position.",
  },
];

export interface StatisticsRun {
  readonly runId: string;
  readonly label: string;
  readonly look: RunLook;
  readonly steps: TeacherSteps;
}

/** One chart per statistic with a line per run, all over the same steps; shares between 0 and 100. */
export function statisticsPlots(runs: readonly StatisticsRun[], head: 'x' | 'y'): StatisticsPlot[] {
  const all = runs.flatMap(({ steps }) => steps.steps);
  const rangeOfX = all.length === 0 ? undefined : ([Math.min(...all), Math.max(...all)] as const);
  return STATISTICS.map(({ id, title, unit, help }) => {
    const isShare = unit === '%';
    const series = runs.map(({ runId, label, look, steps }): PlotSeries => {
      const values = steps[head][id];
      return {
        id: runId,
        label,
        color: `--series-${look.series}`,
        dash: look.dash,
        raw: steps.steps.map((x, at) => ({ x, y: Number(values[at] ?? Number.NaN) * (isShare ? 100 : 1) })),
        envelope: [],
        smoothed: [],
        nonFinite: [],
        style: 'line',
      };
    });
    return { id, title, unit, help, plot: { series, rangeOfX, ...(isShare ? { rangeOfY: [0, 100] as const } : {}) } };
  });
}
