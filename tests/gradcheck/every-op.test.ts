import { describe, expect, it } from 'vitest';
import { gradients } from '../../src-main/engine/graph/differentiate.ts';
import { Graph } from '../../src-main/engine/graph/graph.ts';
import { OP_NAMES } from '../../src-main/engine/graph/infer-shape.ts';
import { interpret } from '../../src-main/engine/graph/interpreter.ts';
import * as ops from '../../src-main/engine/graph/ops.ts';
import { isOp } from '../../src-main/engine/graph/types.ts';
import type { GraphNode, OpName } from '../../src-main/engine/graph/types.ts';
import { checkGradients } from './check-gradients.ts';
import { DIFFERENTIABLE, NOT_DIFFERENTIABLE_OPS } from './op-cases.ts';

function opsOf(node: GraphNode, found = new Set<GraphNode>()): Set<OpName> {
  if (!found.has(node)) {
    found.add(node);
    for (const input of node.inputs) opsOf(input, found);
  }
  return new Set([...found].map((each) => each.op));
}

describe.each(OP_NAMES)('derivatives of %s', (op) => {
  const cases = DIFFERENTIABLE[op];
  const constantIn = NOT_DIFFERENTIABLE_OPS[op];

  it('has a case', () => {
    expect(cases !== undefined || constantIn !== undefined, `add cases for ${op} to op-cases.ts`).toBe(true);
    expect(cases === undefined || constantIn === undefined).toBe(true);
  });

  for (const testCase of cases ?? []) {
    it(testCase.name, () => {
      expect(opsOf(checkGradients(testCase))).toContain(op);
    });
  }

  if (constantIn) {
    it('passes no derivative on', () => {
      const x = new Graph().input('x', [2, 3]);
      const y = constantIn(x);
      expect(opsOf(y)).toContain(op);
      const [derivative] = gradients(ops.sum(y), [x]);
      expect(derivative && isOp(derivative, 'constant') && derivative.attributes.values).toEqual([0]);
      expect(derivative?.shape).toEqual([2, 3]);
    });
  }
});

describe('gradients', () => {
  it('gives the equal share of a maximum to each of its equals, and ties of two operands to the second', () => {
    const graph = new Graph();
    const x = graph.input('x', [3]);
    const zero = graph.constant(0);
    const [left] = gradients(ops.sum(ops.maximum(x, 0)), [x]);
    const [right] = gradients(ops.sum(ops.maximum(zero, x)), [x]);
    const [shared] = gradients(ops.max(x), [x]);
    expect(left && right && shared).toBeDefined();
    if (!left || !right || !shared) return;
    const values = ops.concat([left, right, shared], 0);
    expect([...evaluate(values, [0, 1, 1])]).toEqual([0, 1, 1, 1, 1, 1, 0, 0.5, 0.5]);
  });

  it('counts what reaches an x through another x', () => {
    const graph = new Graph();
    const x = graph.input('x', [1]);
    const y = ops.square(x);
    const [dx, dy] = gradients(ops.sum(ops.mul(x, y)), [x, y]);
    if (!dx || !dy) throw new Error('no gradient');
    expect([...evaluate(ops.concat([dx, dy], 0), [3])]).toEqual([27, 3]);
  });

  it('replaces the dependence of withGradient by what is given', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const value = ops.sum(ops.exp(x));
    const [dx] = gradients(ops.mul(ops.withGradient(value, [x], [ops.mul(x, 5)]), 2), [x]);
    if (!dx) throw new Error('no gradient');
    expect([...evaluate(dx, [1, 2])]).toEqual([10, 20]);
  });

  it('reads a vector through many slices back as one concatenation', () => {
    const graph = new Graph();
    const x = graph.input('x', [40]);
    const parts = Array.from({ length: 10 }, (_, i) => ops.square(ops.slice(x, [4 * i], [3])));
    const [dx] = gradients(ops.sum(parts.reduce((a, b) => ops.add(a, b))), [x]);
    expect(dx?.op).toBe('concat');
    expect(dx && opsOf(dx)).not.toContain('pad');
  });

  it('refuses what has no derivative', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    expect(() => gradients(x, [x])).toThrow(/needs a cotangent of that shape/);
    expect(() => gradients(ops.sum(x), [ops.argMax(x, 0)])).toThrow(/argMax is int32/);
  });
});

function evaluate(node: GraphNode, x: readonly number[]): Float64Array {
  return interpret([node], { x })[0] ?? new Float64Array(0);
}
