import { describe, expect, it } from 'vitest';
import { updateBest, type BestScores } from '../../../../src-main/engine/train/best-scores.ts';
import { IntervalMetrics } from '../../../../src-main/engine/train/interval-metrics.ts';
import { Pace } from '../../../../src-main/engine/train/pace.ts';

describe('updateBest', () => {
  it('wants losses low and scores high, keeps the earlier of equals, never takes NaN', () => {
    const best: BestScores = {};
    expect(updateBest(best, { loss: 2, accuracy: 50 }, 1)).toEqual(['loss', 'accuracy']);
    expect(updateBest(best, { loss: 2, accuracy: NaN }, 2)).toEqual([]);
    expect(updateBest(best, { loss: 1, accuracy: 40 }, 3)).toEqual(['loss']);
    expect(best).toEqual({ loss: { value: 1, step: 3 }, accuracy: { value: 50, step: 1 } });
  });

  it('goes by the Overall score of a task, and has the metrics it is made of from the same evaluation', () => {
    const best: BestScores = {};
    expect(updateBest(best, { loss: 2, Overall: 50, CB_F1: 30, CB_Acc: 70 }, 1)).toEqual(['loss', 'Overall']);
    expect(updateBest(best, { loss: 3, Overall: 45, CB_F1: 40, CB_Acc: 50 }, 2)).toEqual([]);
    expect(updateBest(best, { loss: 3, Overall: 51, CB_F1: 40, CB_Acc: 62 }, 3)).toEqual(['Overall']);
    expect(best).toEqual({
      loss: { value: 2, step: 1 },
      Overall: { value: 51, step: 3 },
      CB_F1: { value: 40, step: 3 },
      CB_Acc: { value: 62, step: 3 },
    });
  });
});

describe('IntervalMetrics', () => {
  it('goes on from a saved state exactly', () => {
    const values = [0.1, 0.2, 0.3, 0.7];
    const whole = new IntervalMetrics();
    for (const loss of values) whole.add({ loss });
    const first = new IntervalMetrics();
    for (const loss of values.slice(0, 2)) first.add({ loss });
    const second = new IntervalMetrics(JSON.parse(JSON.stringify(first.state())) as ReturnType<typeof first.state>);
    for (const loss of values.slice(2)) second.add({ loss });
    expect(second.take().means.get('loss')).toBe(whole.take().means.get('loss'));
  });

  it('is NaN where no value was finite', () => {
    const metrics = new IntervalMetrics();
    metrics.add({ h: NaN });
    metrics.add({ h: Infinity });
    expect(metrics.take()).toEqual({ means: new Map([['h', NaN]]), nonFinite: 2 });
  });
});

describe('Pace', () => {
  it('counts training time only', async () => {
    let nowMs = 0;
    const pace = new Pace(() => nowMs);
    expect(pace.samplesPerSecond(0)).toBe(0);
    nowMs = 500;
    await pace.excluding(async () => {
      nowMs += 10_000;
    });
    nowMs += 500;
    expect(pace.samplesPerSecond(100)).toBe(100);
    expect(pace.tick()).toEqual({ letOthersRun: true, report: true });
    nowMs += 10;
    expect(pace.tick()).toEqual({ letOthersRun: false, report: false });
  });
});
