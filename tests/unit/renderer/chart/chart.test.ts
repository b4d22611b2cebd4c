import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { colorOfProbability, parseHex, pixelsOfMap } from '../../../../src-renderer/chart/class-map.ts';
import { nearestIndex, plotOfMarks, plotOfMetric, readingsAt } from '../../../../src-renderer/chart/plot.ts';
import { limitRedraws } from '../../../../src-renderer/chart/redraw-limiter.ts';
import { runPlots, sharedRangeOfX } from '../../../../src-renderer/chart/run-plots.ts';
import { shortLabel } from '../../../../src-renderer/chart/short-label.ts';
import { smooth } from '../../../../src-renderer/chart/smooth.ts';
import { BucketedSeries } from '../../../../src-shared/ipc/bucketed-series.ts';

function series(name: string, values: readonly number[]) {
  const growing = new BucketedSeries(name, 512);
  growing.append(
    values.map((_, index) => index + 1),
    values,
  );
  return growing.snapshot();
}

describe('smoothing', () => {
  it('keeps a constant, has no bias at the start, and leaves a gap at NaN', () => {
    expect(smooth([3.3, 3.3, 3.3], 0.9)).toEqual([3.3, 3.3, 3.3]);
    expect(smooth([2, NaN, 4], 0.5)).toEqual([2, NaN, expect.closeTo((0.5 * 2 + 4) / 1.5, 12)]);
    expect(smooth([1, 5], 0)).toEqual([1, 5]);
  });
});

describe('plots', () => {
  it('draw the raw line through the extremes and mark what was not finite', () => {
    const growing = new BucketedSeries('student.loss', 2);
    growing.append([0, 1, 2, 3], [5, 3, NaN, 4]);
    const plot = plotOfMetric(growing.snapshot(), 'Loss', '--series-1', true);
    expect(plot.raw).toEqual([
      { x: 0, y: 3 },
      { x: 0, y: 5 },
      { x: 2, y: 4 },
    ]);
    expect(plot.nonFinite).toEqual([{ x: 2, count: 1 }]);
    expect(plot.smoothed).toEqual([]);
  });

  it('smooth what is noisy once there is enough of it', () => {
    const values = Array.from({ length: 40 }, (_, index) => index % 2);
    expect(plotOfMetric(series('student.loss', values), 'Loss', '--series-1', true).smoothed).toHaveLength(40);
    expect(plotOfMetric(series('student.learningRate', values), 'Rate', '--series-1', false).smoothed).toEqual([]);
  });

  it('tell the values of all series nearest to the pointer', () => {
    const loss = plotOfMetric(series('student.loss', [9, 8, 7]), 'Loss', '--series-1', true);
    const marks = plotOfMarks([{ x: 2, y: 1.5 }], 'Validation', '--series-2');
    expect(readingsAt([loss, marks], 2.4).map(({ label, x, y }) => [label, x, y])).toEqual([
      ['Loss', 2, 8],
      ['Validation', 2, 1.5],
    ]);
    expect([0, 1.4, 1.6, 9].map((x) => nearestIndex(loss.raw, x))).toEqual([0, 0, 1, 2]);
    expect(nearestIndex([], 1)).toBe(-1);
  });

  it('group the metrics of a run, the student loss first with the validation loss in it', () => {
    const metrics = new Map(
      ['student.lossQuery', 'feedback.h', 'teacher.lossXm', 'student.learningRate', 'student.lossSupport'].map(
        (name) => [name, series(name, [1, 2, 3])],
      ),
    );
    const evaluation = { evaluationId: 1, step: 5, split: 'validation', weights: 'current', hasClassMap: false };
    const plots = runPlots(metrics, [
      { ...evaluation, scores: { loss: 2, accuracy: 50 } },
      { ...evaluation, evaluationId: 2, split: 'test', scores: { loss: 9, accuracy: 1 } },
    ]);
    expect(plots.map(({ id }) => id)).toEqual([
      'student-loss',
      'validation',
      'feedback',
      'teacher-loss',
      'learning-rate',
    ]);
    expect(plots[0]?.series.map(({ raw }) => raw.length)).toEqual([3, 3, 1]);
    expect(new Set(plots[0]?.series.map(({ color }) => color)).size).toBe(3);
    expect(sharedRangeOfX(plots)).toEqual([1, 5]);
    expect(runPlots(new Map(), []).map(({ id }) => id)).toEqual(['student-loss']);
  });

  it('show counts of what was lost only when something was', () => {
    const counted = (count: number) => runPlots(new Map([['nonFinite', series('nonFinite', [0, count])]]), []);
    expect(counted(0).map(({ id }) => id)).toEqual(['student-loss']);
    expect(counted(2).map(({ id }) => id)).toEqual(['student-loss', 'lost']);
  });
});

describe('labels', () => {
  it.each([
    ['Teacher input loss', 'Teacher loss', 'input'],
    ['Student loss', 'Student loss', 'training'],
    ['Validation loss', 'Student loss', 'validation'],
    ['Student learning rate', 'Learning rate', 'student'],
  ])('%s below %s is %s', (label, title, short) => {
    expect(shortLabel(label, title)).toBe(short);
  });
});

describe('the class map', () => {
  const colors = { zero: parseHex('#0000ff'), middle: parseHex('#ffffff'), one: parseHex('#ff0000') };

  it('goes from the one colour over the middle to the other', () => {
    expect(colorOfProbability(0, colors)).toEqual([0, 0, 255]);
    expect(colorOfProbability(0.5, colors)).toEqual([255, 255, 255]);
    expect(colorOfProbability(0.75, colors)).toEqual([255, 128, 128]);
    expect(colorOfProbability(NaN, colors)).toBeUndefined();
  });

  it('has y upwards and leaves unknown cells clear', () => {
    const pixels = pixelsOfMap(2, [0, 1, 0.5, NaN], colors);
    const cell = (column: number, rowFromTop: number) => [...pixels.slice((rowFromTop * 2 + column) * 4).slice(0, 4)];
    expect(cell(0, 1)).toEqual([0, 0, 255, 255]);
    expect(cell(1, 1)).toEqual([255, 0, 0, 255]);
    expect(cell(0, 0)).toEqual([255, 255, 255, 255]);
    expect(cell(1, 0)).toEqual([0, 0, 0, 0]);
  });
});

describe('redraws', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('come at once, then at most four times per second, and never miss the last state', () => {
    const drawn: number[] = [];
    let state = 0;
    const { request, cancel } = limitRedraws(() => drawn.push(state));
    for (state = 1; state <= 200; state += 1) {
      request();
      vi.advanceTimersByTime(10);
    }
    // At 0, 250, …, 2000 ms.
    expect(drawn).toEqual([1, 25, 50, 75, 100, 125, 150, 175, 200]);
    request();
    vi.advanceTimersByTime(250);
    expect(drawn.at(-1)).toBe(201);
    request();
    cancel();
    vi.advanceTimersByTime(1000);
    expect(drawn).toHaveLength(10);
  });
});
