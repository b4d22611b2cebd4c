import { describe, expect, it } from 'vitest';
import { spreadLabels } from '../../../../src-renderer/chart/spread-labels.ts';
import { formatClock, formatX, formatXTick, xMapOf, xTicks } from '../../../../src-renderer/chart/x-axis.ts';

const columns = { steps: [0, 100, 200], examplesSeen: [0, 3200, 6400], trainedMs: [0, 10_000, 40_000] };

describe('the map of an x axis', () => {
  it('is the step itself, the examples seen, or the seconds trained', () => {
    expect([0, 50, 200].map(xMapOf('step', columns).toX)).toEqual([0, 50, 200]);
    expect([0, 50, 200].map(xMapOf('examples', columns).toX)).toEqual([0, 1600, 6400]);
    expect([0, 50, 100, 150].map(xMapOf('time', columns).toX)).toEqual([0, 5, 10, 25]);
  });

  it('turns round, for the steps of what was dragged over', () => {
    const { toX, toStep } = xMapOf('time', columns);
    for (const step of [0, 13, 100, 150, 200, 260]) expect(toStep(toX(step))).toBeCloseTo(step, 9);
  });

  it('goes on beyond what is known, so that a running run keeps moving', () => {
    expect(xMapOf('examples', columns).toX(300)).toBe(9600);
    expect(xMapOf('time', columns).toX(300)).toBe(60);
  });

  it('rises even where several steps were stored at the same moment', () => {
    const { toX, toStep } = xMapOf('time', {
      steps: [0, 1, 2, 3],
      examplesSeen: [0, 1, 2, 3],
      trainedMs: [0, 500, 500, 900],
    });
    expect(toX(2)).toBe(0.5);
    expect(toX(3)).toBe(0.9);
    expect(toStep(0.9)).toBe(3);
  });

  it('lies at the steps while nothing is known', () => {
    expect(xMapOf('time', undefined).toX(7)).toBe(7);
    expect(xMapOf('time', { steps: [], examplesSeen: [], trainedMs: [] }).toX(7)).toBe(7);
  });
});

describe('ticks of an x axis', () => {
  it('are whole steps and round times', () => {
    expect(xTicks('step', 0, 3, 8)).toEqual([0, 1, 2, 3]);
    expect(xTicks('examples', 0, 64_000, 8)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
    expect(xTicks('time', 0, 400, 8)).toEqual([0, 60, 120, 180, 240, 300, 360]);
    expect(xTicks('time', 0, 7 * 86_400, 8).length).toBeLessThanOrEqual(9);
  });

  it.each([
    ['step', 12_000, '12\u202f000'],
    ['step', 1_250_000, '1.25\u202fM'],
    ['time', 90, '1:30'],
    ['time', 3661, '1:01:01'],
    ['time', 2.5, '0:02.5'],
  ] as const)('%s %f is written %s', (axis, x, text) => {
    expect(formatXTick(axis, x)).toBe(text);
  });

  it('say at the cursor what they count', () => {
    expect(formatX('step', 1200)).toBe('step 1\u202f200');
    expect(formatX('examples', 64)).toBe('64 examples');
    expect(formatX('time', 75)).toBe('at 1:15');
    expect(formatClock(-30)).toBe('−0:30');
  });
});

describe('labels beside the lines', () => {
  it('stay where they are when there is room, and part when there is none', () => {
    expect(spreadLabels([50, 10], 12, 0, 100)).toEqual([50, 10]);
    expect(spreadLabels([40, 41, 42], 12, 0, 100)).toEqual([40, 52, 64]);
    expect(spreadLabels([98, 99], 12, 0, 100)).toEqual([88, 100]);
  });

  it('are left out where they do not fit', () => {
    expect(spreadLabels([1, 2, 3], 60, 0, 100)).toBeUndefined();
  });
});
