import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventBatch } from '../../../src-main/ipc/event-batch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function batch() {
  const told: unknown[] = [];
  const gathering = new EventBatch(({ runIds, queue, points }) => {
    told.push({ runs: [...runIds].join(), queue, points: [...points].map(([runId, series]) => ({ runId, series })) });
  }, 100);
  return { gathering, told };
}

const series = (name: string, steps: number[]) => [
  { name, steps: Float64Array.from(steps), values: Float64Array.from(steps, (step) => step / 2) },
];

describe('EventBatch', () => {
  it('tells of a change after a quiet time at once, of those that follow every 100 ms, each once', () => {
    const { gathering, told } = batch();
    gathering.runChanged('a');
    vi.advanceTimersByTime(1);
    expect(told).toEqual([{ runs: 'a', queue: false, points: [] }]);
    for (let ms = 0; ms < 500; ms += 5) {
      gathering.runChanged(ms % 2 === 0 ? 'a' : 'b');
      vi.advanceTimersByTime(5);
    }
    expect(told).toHaveLength(6);
    expect(told.at(-1)).toEqual({ runs: 'a,b', queue: false, points: [] });
    vi.advanceTimersByTime(1000);
    expect(told.length).toBeLessThanOrEqual(7);
  });

  it('puts the points of a metric together in their order', () => {
    const { gathering, told } = batch();
    gathering.pointsAdded('a', series('loss', [1, 2]));
    gathering.pointsAdded('b', series('loss', [7]));
    gathering.pointsAdded('a', [...series('loss', [3]), ...series('h', [3])]);
    gathering.queueChanged();
    vi.advanceTimersByTime(100);
    expect(told).toEqual([
      {
        runs: '',
        queue: true,
        points: [
          {
            runId: 'a',
            series: [
              { name: 'loss', steps: [1, 2, 3], values: [0.5, 1, 1.5] },
              { name: 'h', steps: [3], values: [1.5] },
            ],
          },
          { runId: 'b', series: [{ name: 'loss', steps: [7], values: [3.5] }] },
        ],
      },
    ]);
  });

  it('keeps apart what a run measured again after it went back to a checkpoint', () => {
    const { gathering, told } = batch();
    gathering.pointsAdded('a', series('loss', [1, 2, 3]));
    gathering.pointsAdded('a', series('loss', [2, 3]));
    vi.advanceTimersByTime(100);
    expect(told).toMatchObject([
      { points: [{ series: [{ steps: [1, 2, 3] }] }] },
      { points: [{ series: [{ steps: [2, 3] }] }] },
    ]);
  });

  it('tells nothing more once it is closed', () => {
    const { gathering, told } = batch();
    gathering.runChanged('a');
    gathering.close();
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([]);
  });
});
