import { describe, expect, it } from 'vitest';
import { encodeNumbers, numberTokens } from '../../../../src-main/engine/data/number-tokens.ts';
import { Tokenizer } from '../../../../src-main/engine/data/tokenizer.ts';
import {
  GRID_SIDE,
  balancedMoons,
  drawMoons,
  gridPoints,
  pointsText,
  sortTexts,
} from '../../../../src-main/engine/data/two-moons.ts';
import { cutWindows } from '../../../../src-main/engine/data/windows.ts';
import { RandomGenerator } from '../../../../src-main/engine/random/random-generator.ts';
import { readJsonFixture } from '../../../support/fixtures.ts';

interface Reference {
  /** Counts of the reference's training points by x * 64 + y. */
  grid: number[];
  texts: string[];
}

/** Largest difference between the cumulative shares of two histograms (two-sample Kolmogorov-Smirnov). */
function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const total = (counts: ArrayLike<number>) => Array.from(counts).reduce((sum, count) => sum + count, 0);
  const [totalA, totalB] = [total(a), total(b)];
  let [sumA, sumB, gap] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    sumA += a[i] ?? 0;
    sumB += b[i] ?? 0;
    gap = Math.max(gap, Math.abs(sumA / totalA - sumB / totalB));
  }
  return gap;
}

function axisCounts(grid: ArrayLike<number>, axis: 'x' | 'y'): Float64Array {
  const counts = new Float64Array(GRID_SIDE);
  for (let cell = 0; cell < grid.length; cell++) {
    const bin = axis === 'x' ? cell >> 6 : cell & 63;
    counts[bin] = (counts[bin] ?? 0) + (grid[cell] ?? 0);
  }
  return counts;
}

describe('Two Moons points', () => {
  it('are spread over the grid as the reference spreads them', () => {
    const reference = readJsonFixture<Reference>('two-moons/reference.json');
    const count = 512_000;
    const { coordinates } = drawMoons(count, 0.1, new RandomGenerator(0, 'twoMoonsTrain'));
    const grid = new Float64Array(GRID_SIDE * GRID_SIDE);
    for (let i = 0; i < count; i++) {
      const cell = (coordinates[2 * i] ?? 0) * GRID_SIDE + (coordinates[2 * i + 1] ?? 0);
      grid[cell] = (grid[cell] ?? 0) + 1;
    }
    // critical value of the two-sample test at p = 1e-4: 2.23 * sqrt(2 / 512000)
    expect(largestGap(axisCounts(grid, 'x'), axisCounts(reference.grid, 'x'))).toBeLessThan(0.0044);
    expect(largestGap(axisCounts(grid, 'y'), axisCounts(reference.grid, 'y'))).toBeLessThan(0.0044);
    // a joint check: mean of (ours - theirs)^2 / (ours + theirs) over well-filled cells is 1 for equal distributions
    const filled = reference.grid.flatMap((theirs, cell) => (theirs < 50 ? [] : [[theirs, grid[cell] ?? 0] as const]));
    const chi = filled.reduce((sum, [theirs, ours]) => sum + (ours - theirs) ** 2 / (ours + theirs), 0);
    expect(filled.length).toBeGreaterThan(1000);
    expect(chi / filled.length).toBeLessThan(1.2);
  });

  it('are balanced and evenly spaced in labeled sets', () => {
    const { coordinates, labels } = balancedMoons(10, 0, new RandomGenerator(3, 'twoMoonsLabeledTrain'));
    expect(labels.filter((label) => label === 1)).toHaveLength(5);
    const upper = Array.from(labels, (label, i) => (label === 0 ? [coordinates[2 * i], coordinates[2 * i + 1]] : []));
    const sorted = upper.filter(({ length }) => length > 0).sort(([a = 0], [b = 0]) => a - b);
    // cos and sin of 180, 135, 90, 45, 0 degrees in grid cells
    expect(sorted).toEqual([
      [8, 25],
      [12, 43],
      [24, 51],
      [35, 43],
      [40, 25],
    ]);
    expect(balancedMoons(3, 0, new RandomGenerator(1, 'twoMoonsLabeledTrain')).labels.toSorted()).toEqual(
      Uint8Array.of(0, 1, 1),
    );
  });

  it('cover every cell of the grid once, clip to it, and sort into texts', () => {
    expect(new Set(Array.from({ length: 4096 }, (_, i) => pointsText(gridPoints(), i, 1))).size).toBe(4096);
    const wide = drawMoons(1000, 5, new RandomGenerator(1, 'twoMoonsTrain')).coordinates;
    expect([Math.min(...wide), Math.max(...wide)]).toEqual([0, 63]);
    const points = Uint8Array.of(9, 1, 3, 60, 3, 7, 0, 5, 2, 2, 1, 1, 2, 2, 1, 0);
    sortTexts(points, 4);
    expect(pointsText(points, 0, 4)).toBe('0 5 3 7 3 60 9 1');
    expect(pointsText(points, 4, 4)).toBe('1 0 1 1 2 2 2 2');
  });
});

describe('encodeNumbers', () => {
  it('gives what the tokenizer gives for the reference texts', async () => {
    const tokenizer = await Tokenizer.load('resources/two-moons-tokenizer');
    const tokens = await numberTokens(tokenizer);
    const { texts } = readJsonFixture<Reference>('two-moons/reference.json');
    const moon = readJsonFixture<{
      pretrain: { text: string; ids: number[] }[];
      examples: { example: { question: string }; all: { features: number[][] } }[];
    }>('encode/Which_MOON.json');
    for (const { text, ids } of moon.pretrain) {
      expect([...encodeNumbers(Uint8Array.from(text.split(' ').map(Number)), 32, tokens)]).toEqual(ids);
    }
    for (const text of texts) {
      const [encoding] = await tokenizer.encode([text]);
      const windows = encoding === undefined ? [] : cutWindows(encoding, undefined, { maxLength: 34, stride: 0 });
      expect(windows).toHaveLength(1);
      expect([...encodeNumbers(Uint8Array.from(text.split(' ').map(Number)), 32, tokens)]).toEqual([
        ...(windows[0]?.ids ?? []),
      ]);
    }
  });
});
