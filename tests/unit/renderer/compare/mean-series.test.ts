import { describe, expect, it } from 'vitest';
import { BY_STEP } from '../../../../src-renderer/chart/x-axis.ts';
import { compareSeries } from '../../../../src-renderer/compare/compare-plots.ts';
import { evaluationText } from '../../../../src-renderer/compare/evaluation-file.ts';
import { meanPoints, meanSeries } from '../../../../src-renderer/compare/mean-series.ts';
import { BucketedSeries } from '../../../../src-shared/ipc/bucketed-series.ts';

function series(values: readonly number[], maxBuckets = 512) {
  const growing = new BucketedSeries('loss', maxBuckets);
  growing.append(
    values.map((_, step) => step),
    values,
  );
  return growing.snapshot();
}

describe('mean over seeds', () => {
  it('averages steps, with the sample deviation; a lost value counts as lost, not as 0', () => {
    const mean = meanSeries([series([1, 2, NaN]), series([3, 2, 8])]);
    expect(mean.start).toEqual([0, 1, 2]);
    expect(mean.mean).toEqual([2, 2, 8]);
    expect(mean.std).toEqual([Math.SQRT2, 0, NaN]);
    expect(mean.nonFinite).toEqual([0, 0, 1]);
  });

  it('brings series of different bucket widths to the widest, so that the result is the same', () => {
    const [short, long] = [
      [1, 3, 5, 7],
      [2, 4, 6, 8],
    ];
    expect(series(long, 2).bucketSteps).toBe(2);
    expect(meanSeries([series(short), series(long, 2)])).toEqual(meanSeries([series(short, 2), series(long, 2)]));
    expect(meanSeries([series(short), series(long, 2)]).mean).toEqual([2.5, 6.5]);
  });

  it('averages evaluations at equal steps', () => {
    const { points, spread } = meanPoints([
      [
        { x: 10, y: 50 },
        { x: 20, y: 60 },
      ],
      [{ x: 10, y: 54 }],
    ]);
    expect(points).toEqual([
      { x: 10, y: 52 },
      { x: 20, y: 60 },
    ]);
    expect(spread[0]).toEqual({ x: 10, low: 52 - Math.sqrt(8), high: 52 + Math.sqrt(8) });
    expect(spread[1]).toEqual({ x: 20, low: 60, high: 60 });
  });
});

describe('lines of a comparison', () => {
  const evaluation = (step: number, accuracy: number, weights = 'current') => ({
    evaluationId: step,
    step,
    split: 'validation',
    weights,
    scores: { accuracy },
    hasClassMap: false,
  });
  const run = (values: readonly number[]) => ({
    x: BY_STEP,
    seriesOf: (metric: string) => (metric === 'loss' ? series(values) : undefined),
    evaluations: [evaluation(20, 60), evaluation(10, 50), evaluation(20, 1, 'latest')],
  });
  const look = { color: '--series-1', dash: [] };

  it('are the run itself, or the mean of its seeds with a band of one deviation', () => {
    const [single, mean] = compareSeries(
      'loss',
      [
        { id: 'a', label: 'a', ...look, runs: [run([1, 2])] },
        { id: 'b', label: 'b', ...look, runs: [run([1, 2]), run([3, 2])] },
        { id: 'c', label: 'c', ...look, runs: [] },
      ],
      0,
    );
    expect(single?.raw.map(({ y }) => y)).toEqual([1, 2]);
    expect(mean?.raw.map(({ y }) => y)).toEqual([2, 2]);
    expect(mean?.envelope[0]).toEqual({ x: 0, low: 2 - Math.SQRT2, high: 2 + Math.SQRT2 });
  });

  it('have evaluations of the weights at hand alone, by step, and write them to a file', () => {
    const [line] = compareSeries('validation:accuracy', [{ id: 'a', label: 'a', ...look, runs: [run([1])] }], 0);
    expect(line?.raw).toEqual([
      { x: 10, y: 50 },
      { x: 20, y: 60 },
    ]);
    const of = { split: 'validation', metric: 'accuracy' };
    const runs = [{ runId: 'r1', name: 'a, b', evaluations: run([1]).evaluations }];
    expect(evaluationText(of, runs, 'csv')).toBe(
      'run_id,run_name,metric,step,value\r\nr1,"a, b",validation.accuracy,10,50\r\nr1,"a, b",validation.accuracy,20,60\r\n',
    );
    expect(JSON.parse(evaluationText(of, runs, 'json'))).toMatchObject({
      runs: [
        {
          runId: 'r1',
          metrics: [
            {
              points: [
                [10, 50],
                [20, 60],
              ],
            },
          ],
        },
      ],
    });
  });
});
