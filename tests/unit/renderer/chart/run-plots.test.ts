import { describe, expect, it } from 'vitest';
import { isGrouped, runPlots, sharedRangeOfX } from '../../../../src-renderer/chart/run-plots.ts';
import { BY_STEP } from '../../../../src-renderer/chart/x-axis.ts';
import { BucketedSeries } from '../../../../src-shared/ipc/bucketed-series.ts';

const options = { smoothing: 0, x: BY_STEP };

function metrics(names: readonly string[], values: readonly number[] = [1, 2, 3]) {
  return new Map(
    names.map((name) => {
      const growing = new BucketedSeries(name, 512);
      growing.append(
        values.map((_, index) => index + 1),
        values,
      );
      return [name, growing.snapshot()] as const;
    }),
  );
}

describe('the charts of a run', () => {
  it('group its metrics, the student loss first with the validation loss in it', () => {
    const evaluation = { evaluationId: 1, step: 5, split: 'validation', weights: 'current', hasClassMap: false };
    const plots = runPlots(
      metrics(['student.lossQuery', 'feedback.h', 'teacher.lossXm', 'student.learningRate', 'student.lossSupport']),
      [
        { ...evaluation, scores: { loss: 2, accuracy: 50 } },
        { ...evaluation, evaluationId: 2, split: 'test', scores: { loss: 9, accuracy: 1 } },
      ],
      options,
    );
    const ids = ['student-loss', 'validation', 'feedback', 'teacher-loss', 'learning-rate'];
    expect(plots.map(({ id }) => id)).toEqual(ids);
    expect(plots[0]?.series.map(({ raw }) => raw.length)).toEqual([3, 3, 1]);
    expect(new Set(plots[0]?.series.map(({ color }) => color)).size).toBe(3);
    expect(sharedRangeOfX(plots)).toEqual([1, 5]);
    expect(runPlots(new Map(), [], options).map(({ id }) => id)).toEqual(['student-loss']);
  });

  it('show counts of what was lost only when something was', () => {
    const counted = (count: number) => runPlots(metrics(['nonFinite'], [0, count]), [], options);
    expect(counted(0).map(({ id }) => id)).toEqual(['student-loss']);
    expect(counted(2).map(({ id }) => id)).toEqual(['student-loss', 'lost']);
  });

  it('give a metric without a group a chart of its own', () => {
    const plots = runPlots(metrics(['probe.b', 'probe.a', 'student.loss']), [], options);
    expect(plots.map(({ id }) => id)).toEqual(['student-loss', 'probe.a', 'probe.b']);
    expect([isGrouped('probe.a'), isGrouped('student.loss')]).toEqual([false, true]);
  });

  it('smooth losses but neither rates nor counts', () => {
    const many = Array.from({ length: 50 }, (_, index) => (index % 3) + 1);
    const plots = runPlots(metrics(['student.loss', 'student.learningRate'], many), [], { ...options, smoothing: 0.1 });
    expect(plots.map(({ series }) => series[0]?.smoothed.length)).toEqual([50, 0]);
  });
});
