import { expect, it } from 'vitest';
import { statisticsPlots } from '../../../../src-renderer/examples/statistics-plots.ts';
import type { HeadColumns, TeacherSteps } from '../../../../src-shared/ipc/contract/teacher-examples.ts';

const columns = (kept: number[]): HeadColumns => ({
  kept,
  masked: kept,
  replaced: kept,
  special: kept,
  distinct: kept.map(() => 7),
  topToken: kept.map(() => 'a'),
  topShare: kept,
  tokenEntropy: kept,
  teacherEntropy: kept.map(() => NaN),
});
const steps = (numbers: number[], kept: number[]): TeacherSteps => ({
  textsKey: 'moons',
  denoising: false,
  steps: numbers,
  examplesSeen: numbers,
  feedback: numbers.map(() => null),
  x: columns(kept),
  y: columns(kept.map((share) => 1 - share)),
  collapse: null,
  storedBytes: 0,
  budgetBytes: 0,
});

it('draws a line per run over the steps of all, shares in percent', () => {
  const look = { series: 3, dash: [2, 2] };
  const plots = statisticsPlots(
    [
      { runId: 'a', label: 'A', look, steps: steps([10, 20], [0.25, 0.5]) },
      { runId: 'b', label: 'B', look, steps: steps([5], [1]) },
    ],
    'x',
  );
  const kept = plots.find(({ id }) => id === 'kept')?.plot;
  expect(kept?.rangeOfX).toEqual([5, 20]);
  expect(kept?.rangeOfY).toEqual([0, 100]);
  expect(kept?.series.map(({ id, label, color, dash }) => [id, label, color, dash])).toEqual([
    ['a', 'A', '--series-3', [2, 2]],
    ['b', 'B', '--series-3', [2, 2]],
  ]);
  expect(kept?.series[0]?.raw).toEqual([
    { x: 10, y: 25 },
    { x: 20, y: 50 },
  ]);
  expect(plots.find(({ id }) => id === 'distinct')?.plot.series[0]?.raw[0]?.y).toBe(7);
  expect(plots.find(({ id }) => id === 'teacherEntropy')?.plot.series[0]?.raw[0]?.y).toBeNaN();
  expect(statisticsPlots([], 'y').every(({ plot }) => plot.rangeOfX === undefined)).toBe(true);
});
