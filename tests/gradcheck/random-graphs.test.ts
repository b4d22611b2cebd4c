import { expect, it } from 'vitest';
import { interpret } from '../../src-main/engine/graph/interpreter.ts';
import type { GraphNode } from '../../src-main/engine/graph/types.ts';
import { randomGraph } from '../support/random-graph.ts';
import type { RandomPool } from '../support/random-pool.ts';
import { randomValues } from './random-values.ts';

const SEEDS = 600;
const STEP = 1e-5;

type Point = Record<string, Float64Array>;

const pointOf = (draw: RandomPool): Point =>
  Object.fromEntries(Object.entries(draw.feeds).map(([name, values]) => [name, Float64Array.from(values)]));

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);

it('simplification changes no value and no derivative', () => {
  const differences: string[] = [];
  let changed = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const [simple, plain] = [randomGraph(seed), randomGraph(seed, false)];
    const [short, long] = [simple.outputs(), plain.outputs()];
    const point = pointOf(plain);
    const [found, expected] = [interpret(Object.values(short), point), interpret(Object.values(long), point)];
    Object.keys(long).forEach((name, i) => {
      const values = expected[i] ?? new Float64Array();
      const allowed = 1e-9 * largest(values);
      if (short[name]?.op !== long[name]?.op) changed++;
      const isEqual =
        short[name]?.shape.join() === long[name]?.shape.join() &&
        values.every((value, at) => Math.abs((found[i]?.[at] ?? NaN) - value) <= allowed);
      if (!isEqual) differences.push(`seed ${seed}, ${name}`);
    });
  }
  expect(differences).toEqual([]);
  // Nothing would be compared where nothing was simplified.
  expect(changed).toBeGreaterThan(SEEDS);
});

it('derivatives of first and second order are those that differences give', () => {
  const differences: string[] = [];
  let moved = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const draw = randomGraph(seed);
    const { scalar, combined, ...rest } = draw.outputs();
    const point = pointOf(draw);
    const along = Object.fromEntries(
      draw.inputs.map((_input, i) => [`x${i}`, randomValues(point[`x${i}`]?.length ?? 0, seed + i, -1, 1)]),
    );
    const at = (node: GraphNode, distance: number): number => {
      const shifted = Object.entries(along).map(([name, direction]) => [
        name,
        (point[name] ?? new Float64Array()).map((value, k) => value + distance * (direction[k] ?? 0)),
      ]);
      return interpret([node], { ...point, ...(Object.fromEntries(shifted) as Point) })[0]?.[0] ?? NaN;
    };
    for (const [node, prefix] of [
      [scalar, 'first'],
      [combined, 'second'],
    ] as const) {
      if (node === undefined) throw new Error('unreachable');
      const numeric = (at(node, STEP) - at(node, -STEP)) / (2 * STEP);
      const exact = draw.inputs.reduce((sum, _input, i) => {
        const gradient = rest[`${prefix}${i}`];
        const values = gradient === undefined ? [] : Array.from(interpret([gradient], point)[0] ?? []);
        return sum + values.reduce((part, value, k) => part + value * (along[`x${i}`]?.[k] ?? NaN), 0);
      }, 0);
      if (Math.abs(exact) > 1e-6) moved++;
      if (!(Math.abs(numeric - exact) <= 1e-5 * Math.max(1, Math.abs(exact)))) {
        differences.push(`seed ${seed}, ${prefix}: ${exact}, differences give ${numeric}`);
      }
    }
  }
  expect(differences).toEqual([]);
  expect(moved).toBeGreaterThan(SEEDS);
});
