import { describe, expect, it } from 'vitest';
import { mapsOverSteps, mapToShow } from '../../../../src-renderer/two-moons/evaluations.ts';
import { resultTable } from '../../../../src-renderer/two-moons/result-rows.ts';
import type { ResultCell } from '../../../../src-shared/ipc/contract/two-moons.ts';
import type { EvaluationView } from '../../../../src-shared/ipc/run-views.ts';

const evaluation = (evaluationId: number, step: number, weights = 'current', hasClassMap = true): EvaluationView => ({
  evaluationId,
  step,
  split: weights === 'current' ? 'validation' : 'test',
  weights,
  scores: {},
  hasClassMap,
});
const ALL = [
  evaluation(1, 20),
  evaluation(2, 10),
  evaluation(3, 30, 'current', false),
  evaluation(4, 30, 'latest'),
  evaluation(5, 30, 'best-loss'),
];

describe('class maps over the steps', () => {
  it('are those of the weights of each step', () => {
    expect(mapsOverSteps(ALL).map(({ step }) => step)).toEqual([10, 20]);
  });

  it('show the last map up to a step, the first before any, or a tested checkpoint\u2019s', () => {
    const shown = (weights: 'current' | 'latest' | 'best-accuracy', step: number) =>
      mapToShow(ALL, weights, step)?.evaluationId;
    expect([5, 10, 19, 20, 99].map((step) => shown('current', step))).toEqual([2, 2, 2, 1, 1]);
    expect(shown('latest', 0)).toBe(4);
    expect(shown('best-accuracy', 0)).toBeUndefined();
    expect(mapToShow([], 'current', 0)).toBeUndefined();
  });
});

describe('the table of accuracies', () => {
  const cell = (row: string, labels: number, atReport = true): ResultCell => ({
    row,
    labels,
    atReport,
    mean: 61,
    std: null,
    runIds: ['a'],
  });

  it('has the report\u2019s rows whether there are runs or not', () => {
    const { labels, rows } = resultTable([], false);
    expect(labels).toEqual([10, 20, 40, 80, 160]);
    expect(rows.map(({ label }) => label)).toEqual([
      'MLM (latest)',
      'MLM (best loss)',
      'hard',
      'soft',
      'soft, fixed y',
    ]);
    expect(rows[2]?.cells.map(({ report }) => report)).toEqual([60.6, 62.9, 74.8, 86.0, 90.5]);
  });

  it('takes in what runs reached, other settings apart and without the report\u2019s values', () => {
    const cells = [cell('no pretraining', 12), cell('hard', 10), cell('hard', 10, false)];
    const own = resultTable(cells, false);
    expect(own.labels).toEqual([10, 12, 20, 40, 80, 160]);
    expect(own.rows[0]?.label).toBe('no pretraining');
    expect(own.rows.filter(({ label }) => label === 'hard')).toHaveLength(1);
    const all = resultTable(cells, true);
    expect(all.rows.at(-1)).toMatchObject({ label: 'hard', atReport: false });
    expect(all.rows.at(-1)?.cells.every(({ report }) => report === null)).toBe(true);
  });
});
