import { describe, expect, it } from 'vitest';
import { RandomGenerator, randomKey } from '../../../../src-main/engine/random/random-generator.ts';

/** Sum of (observed - expected)^2 / expected. */
function chiSquare(counts: ArrayLike<number>, expected: number): number {
  return Array.from(counts).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('RandomGenerator', () => {
  it('is a pure function of seed, stream, step and index', () => {
    const first = new RandomGenerator(7, 'mlmMask', 3);
    const draws = Array.from({ length: 8 }, () => first.uint32());
    const again = new RandomGenerator(1, 'init').restart(7, 'mlmMask', 3);
    expect(Array.from({ length: 8 }, () => again.uint32())).toEqual(draws);
    for (const other of [
      new RandomGenerator(8, 'mlmMask', 3),
      new RandomGenerator(7, 'window', 3),
      new RandomGenerator(7, 'mlmMask', 4),
      new RandomGenerator(7 + 2 ** 32, 'mlmMask', 3),
      new RandomGenerator(7, 'mlmMask', 3 + 2 ** 32),
    ])
      expect(other.uint32()).not.toBe(draws[0]);
  });

  it('keeps the recorded draws, which resumed runs depend on', () => {
    const generator = new RandomGenerator(42, 'batchOrder', 5);
    expect([generator.uint32(), generator.uint32(), generator.uint32()]).toMatchInlineSnapshot(`
      [
        2861222780,
        1870107028,
        2655550970,
      ]
    `);
    expect([...new RandomGenerator(42, 'batchOrder', 5).permutation(10)]).toMatchInlineSnapshot(`
      [
        3,
        1,
        8,
        6,
        9,
        4,
        5,
        2,
        7,
        0,
      ]
    `);
    expect([...randomKey(42, 'dropout', 9)]).toMatchInlineSnapshot(`
      [
        1988064708,
        -1439065858,
      ]
    `);
  });

  it('forgets the spare normal on restart', () => {
    const generator = new RandomGenerator(1, 'init');
    const first = generator.normal();
    expect(generator.restart(1, 'init').normal()).toBe(first);
  });

  it('draws uniform integers and floats (chi-square at p = 1e-4)', () => {
    const generator = new RandomGenerator(11, 'window');
    const integers = new Int32Array(7);
    const tenths = new Int32Array(10);
    for (let i = 0; i < 70_000; i++) {
      const drawn = generator.integer(7);
      integers[drawn] = (integers[drawn] ?? 0) + 1;
      const tenth = Math.floor(generator.uniform() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(chiSquare(integers, 10_000)).toBeLessThan(27.9);
    expect(chiSquare(tenths, 7_000)).toBeLessThan(33.7);
  });

  it('is uniform across steps at a fixed index, too', () => {
    const generator = new RandomGenerator(0, 'task');
    const counts = new Int32Array(16);
    for (let step = 0; step < 16_000; step++) {
      const drawn = generator.restart(5, 'task', step).integer(16);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    expect(chiSquare(counts, 1000)).toBeLessThan(45);
  });

  it('does not favour small remainders for bounds near 2^32', () => {
    const generator = new RandomGenerator(3, 'window');
    const bound = 3 * 2 ** 30;
    let low = 0;
    for (let i = 0; i < 30_000; i++) if (generator.integer(bound) < 2 ** 30) low++;
    // a plain remainder would put one half here instead of one third
    expect(low / 30_000).toBeCloseTo(1 / 3, 1.5);
    expect(() => generator.integer(0)).toThrow();
  });

  it('draws normals with the right moments', () => {
    const generator = new RandomGenerator(2, 'init');
    const count = 100_000;
    let sum = 0;
    let squares = 0;
    let fourths = 0;
    for (let i = 0; i < count; i++) {
      const value = generator.normal();
      sum += value;
      squares += value ** 2;
      fourths += value ** 4;
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.015);
    expect(Math.abs(squares / count - 1)).toBeLessThan(0.02);
    expect(Math.abs(fourths / count - 3)).toBeLessThan(0.15);
  });

  it('permutes and samples without replacement, all outcomes equally likely', () => {
    const generator = new RandomGenerator(4, 'batchOrder');
    expect([...generator.permutation(100)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    const orders = new Map<string, number>();
    const pairs = new Map<string, number>();
    const out = new Int32Array(2);
    for (let i = 0; i < 12_000; i++) {
      const order = generator.permutation(3).join();
      orders.set(order, (orders.get(order) ?? 0) + 1);
      generator.sampleInto(4, 2, out);
      pairs.set(out.join(), (pairs.get(out.join()) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    expect(chiSquare([...orders.values()], 2000)).toBeLessThan(26);
    expect(pairs.size).toBe(12);
    expect(chiSquare([...pairs.values()], 1000)).toBeLessThan(38);
    expect(() => {
      generator.sampleInto(2, 3, new Int32Array(3));
    }).toThrow();
  });
});
