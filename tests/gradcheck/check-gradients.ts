import { expect } from 'vitest';
import { gradients } from '../../src-main/engine/graph/differentiate.ts';
import { Graph } from '../../src-main/engine/graph/graph.ts';
import { shapeSize } from '../../src-main/engine/graph/infer-shape.ts';
import { interpret } from '../../src-main/engine/graph/interpreter.ts';
import * as ops from '../../src-main/engine/graph/ops.ts';
import type { GraphNode, Shape } from '../../src-main/engine/graph/types.ts';
import { randomValues } from './random-values.ts';

/** A function of float inputs whose derivatives are compared with differences. */
export interface GradientCase {
  readonly name: string;
  /** Input name -> shape, or explicit values (where a random point would hit a kink or leave the domain). */
  readonly inputs: Readonly<Record<string, { shape: Shape; values?: readonly number[]; low?: number; high?: number }>>;
  readonly build: (inputs: Readonly<Record<string, GraphNode>>) => GraphNode;
}

type Point = Record<string, number[]>;

/** How an output becomes a scalar; each gives the op another shape of cotangent. */
type Readout = 'full' | 'scalar' | 'even axes' | 'odd axes';
const READOUTS: readonly Readout[] = ['full', 'scalar', 'even axes', 'odd axes'];

function readOut(y: GraphNode, readout: Readout, seed: number): GraphNode {
  if (readout === 'scalar') return ops.sum(y);
  const parity = readout === 'even axes' ? 0 : 1;
  const shape = y.shape.map((dim, i) => (readout === 'full' || i % 2 === parity ? dim : 1));
  const weights = y.graph.apply('constant', [], {
    values: randomValues(shapeSize(shape), seed),
    shape,
    dtype: 'float32',
  });
  return ops.sum(ops.mul(y, weights));
}

/** Central differences of the scalar node `y` with respect to every element of every input. */
function differences(y: GraphNode, point: Point, step: number): Point {
  const at = (name: string, index: number, offset: number): number => {
    const values = [...(point[name] ?? [])];
    values[index] = (values[index] ?? 0) + offset;
    return interpret([y], { ...point, [name]: values })[0]?.[0] ?? NaN;
  };
  return Object.fromEntries(
    Object.entries(point).map(([name, values]) => [
      name,
      values.map((_value, i) => (at(name, i, step) - at(name, i, -step)) / (2 * step)),
    ]),
  );
}

/** Relative to the largest derivative, and absolute below 1. */
const TOLERANCE = 1e-6;
const STEP = 1e-5;

function compare(y: GraphNode, derivatives: readonly GraphNode[], point: Point, what: string): void {
  const expected = differences(y, point, STEP);
  const found = interpret(derivatives, point);
  const scale = Math.max(
    1,
    Math.abs(interpret([y], point)[0]?.[0] ?? 0),
    ...Object.values(expected).flat().map(Math.abs),
  );
  Object.entries(expected).forEach(([name, values], i) => {
    const gradient = found[i] ?? new Float64Array(0);
    expect(gradient.length, `${what}: d/d${name}`).toBe(values.length);
    values.forEach((value, k) => {
      const error = Math.abs((gradient[k] ?? NaN) - value) / scale;
      expect(error, `${what}: d/d${name}[${k}] is ${gradient[k]}, differences give ${value}`).toBeLessThan(TOLERANCE);
    });
  });
}

/**
 * Compares first derivatives, and the derivatives of a random combination of the first derivatives, with central
 * differences in float64. Returns the unsimplified graph's output before it was read out.
 */
export function checkGradients(testCase: GradientCase, readouts: readonly Readout[] = READOUTS): GraphNode {
  checkIn(new Graph(), testCase, readouts);
  // As written, too: simplification must not hide a wrong product.
  return checkIn(new Graph({ simplify: false }), testCase, readouts);
}

function checkIn(graph: Graph, testCase: GradientCase, readouts: readonly Readout[]): GraphNode {
  const inputs: Record<string, GraphNode> = {};
  const point: Point = {};
  for (const [name, { shape, values, low, high }] of Object.entries(testCase.inputs)) {
    inputs[name] = graph.input(name, shape);
    point[name] = [...(values ?? randomValues(shapeSize(shape), name.length + shape.length * 7, low, high))];
  }
  const output = testCase.build(inputs);
  const xs = Object.values(inputs);
  for (const readout of readouts) {
    const y = readOut(output, readout, 11);
    const first = gradients(y, xs);
    first.forEach((gradient, i) => {
      expect(gradient.shape).toEqual(xs[i]?.shape);
    });
    compare(y, first, point, `${testCase.name}, ${readout}, first order`);
    const combined = first
      .map((gradient, i) => readOut(gradient, 'full', 100 + i))
      .reduce((total, part) => ops.add(total, part));
    compare(combined, gradients(combined, xs), point, `${testCase.name}, ${readout}, second order`);
  }
  return output;
}
