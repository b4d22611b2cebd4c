import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { colorOfProbability, parseHex, pixelsOfMap } from '../../../../src-renderer/chart/class-map.ts';
import { limitRedraws } from '../../../../src-renderer/chart/redraw-limiter.ts';
import { shortLabel } from '../../../../src-renderer/chart/short-label.ts';

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
