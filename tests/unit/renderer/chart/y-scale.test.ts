import { describe, expect, it } from 'vitest';
import { formatTick, yScaleOf } from '../../../../src-renderer/chart/y-scale.ts';

const extent = (low: number, high: number, lowestPositive = Math.max(low, 1e-9)) => ({
  low,
  high,
  lowestPositive,
  notPositive: 0,
});
const labels = (scale: ReturnType<typeof yScaleOf>, most: number): string[] =>
  scale.ticks(most).map(({ label }) => label);

describe('a linear axis', () => {
  it('has round ticks with as many digits as tell them apart, and room above and below', () => {
    const scale = yScaleOf('linear', extent(2.1, 3.05));
    expect(labels(scale, 6)).toEqual(['2.2', '2.4', '2.6', '2.8', '3.0']);
    expect([scale.min < 2.1, scale.max > 3.05]).toEqual([true, true]);
  });

  it('stays at 0 for what is never below it, and has a height where all is alike', () => {
    expect(yScaleOf('linear', extent(0.01, 5)).min).toBe(0);
    const flat = yScaleOf('linear', extent(7, 7));
    expect(flat.min).toBeLessThan(7);
    expect(flat.max).toBeGreaterThan(7);
    expect(yScaleOf('linear', undefined).max).toBeGreaterThan(0);
  });

  it('keeps a fixed range as it is', () => {
    const scale = yScaleOf('linear', extent(3, 4), [0, 100]);
    expect([scale.min, scale.max]).toEqual([0, 100]);
  });
});

describe('a log axis', () => {
  it('has a tick per decade, fewer where they are many, 1 2 5 where they are few', () => {
    expect(labels(yScaleOf('log', extent(0.001, 100)), 8)).toEqual(['0.001', '0.01', '0.1', '1', '10', '100']);
    expect(labels(yScaleOf('log', extent(1e-9, 100)), 4).length).toBeLessThanOrEqual(5);
    expect(labels(yScaleOf('log', extent(2, 30)), 6)).toEqual(['2', '5', '10', '20']);
    expect(labels(yScaleOf('log', extent(2.1, 2.3)), 4).length).toBeGreaterThanOrEqual(2);
  });

  it('has no place for what is not above 0 and begins at the least that is', () => {
    const scale = yScaleOf('log', extent(-5, 100, 0.01));
    expect(scale.forward(-5)).toBeNaN();
    expect(scale.forward(0)).toBeNaN();
    expect(scale.forward(100)).toBeCloseTo(2);
    expect(10 ** scale.min).toBeLessThan(0.01);
    expect(10 ** scale.min).toBeGreaterThan(0.001);
  });
});

describe('a symlog axis', () => {
  it('is odd, rises everywhere, and shows both signs with 0', () => {
    const scale = yScaleOf('symlog', extent(-1000, 1000));
    expect(scale.forward(0)).toBe(0);
    expect(scale.forward(-30)).toBeCloseTo(-scale.forward(30), 12);
    const ys = [-1000, -10, -0.5, 0, 0.5, 10, 1000];
    const placed = ys.map((y) => scale.forward(y));
    expect(placed).toEqual(placed.toSorted((a, b) => a - b));
    expect(labels(scale, 12)).toEqual(['−1000', '−100', '−10', '−1', '0', '1', '10', '100', '1000']);
  });

  it('keeps 0 when it leaves out ticks', () => {
    const shown = labels(yScaleOf('symlog', extent(-1000, 1000)), 4);
    expect(shown).toContain('0');
    expect(shown.length).toBeLessThanOrEqual(5);
  });

  it('shows small sizes beside large ones of the other sign', () => {
    const scale = yScaleOf('symlog', extent(-0.2, 1));
    expect(scale.min).toBeLessThan(scale.forward(-0.2));
    expect(labels(scale, 10)).toEqual(['−0.1', '−0.01', '−0.001', '0', '0.001', '0.01', '0.1', '1']);
  });
});

describe('tick labels', () => {
  it.each([
    [0, undefined, '0'],
    [0.3, 0.1, '0.3'],
    [-2, 0.5, '−2.0'],
    [0.00002, undefined, '2e−5'],
    [1_000_000, undefined, '1e6'],
    [25_000, 5000, '25000'],
  ])('%f by %s is %s', (value, step, label) => {
    expect(formatTick(value, step)).toBe(label);
  });
});
