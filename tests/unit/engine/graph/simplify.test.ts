import { describe, expect, it } from 'vitest';
import { gradients } from '../../../../src-main/engine/graph/differentiate.ts';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import * as ops from '../../../../src-main/engine/graph/ops.ts';
import { isOp } from '../../../../src-main/engine/graph/types.ts';
import type { GraphNode } from '../../../../src-main/engine/graph/types.ts';
import { randomGraph } from './random-graph.ts';

function countOf(nodes: readonly GraphNode[]): number {
  const seen = new Set<GraphNode>(nodes);
  for (const node of seen) for (const input of node.inputs) seen.add(input);
  return seen.size;
}

describe('simplify', () => {
  it('never changes what random graphs and their derivatives compute, and makes them smaller', () => {
    const point = { x: [0.3, -0.7, 1.1, 0.2, 0.9, -1.3], y: [-0.4, 0.8, 0.6] };
    let [plainCount, simpleCount] = [0, 0];
    for (let seed = 0; seed < 400; seed++) {
      const [plain = [], simple = []] = [false, true].map((simplify) => {
        const graph = new Graph({ simplify });
        const y = randomGraph(graph, seed, 14);
        return [y, ...gradients(ops.sum(y), [graph.input('x', [2, 3]), graph.input('y', [3])])];
      });
      expect(simple.map((node) => node.shape)).toEqual(plain.map((node) => node.shape));
      const [expected, found] = [interpret(plain, point), interpret(simple, point)];
      expected.forEach((values, i) => {
        values.forEach((value, k) => {
          expect(found[i]?.[k], `seed ${seed}, result ${i}, element ${k}`).toBeCloseTo(value, 9);
        });
      });
      plainCount += countOf(plain);
      simpleCount += countOf(simple);
    }
    expect(simpleCount).toBeLessThan(plainCount * 0.8);
  });
});

describe('simplify rewrites', () => {
  const graph = new Graph();
  const x = graph.input('x', [2, 3]);
  const y = graph.input('y', [3]);
  const s = graph.input('s', []);
  const z = graph.input('z', [2, 3]);
  const pairs: readonly (readonly [string, () => GraphNode, () => GraphNode])[] = [
    ['x + 0', () => ops.add(x, 0), () => x],
    ['0 + y in a larger shape', () => ops.add(graph.constant(0, [2, 3]), y), () => ops.broadcastTo(y, [2, 3])],
    ['x * 1', () => ops.mul(x, graph.constant([1, 1, 1], [3])), () => x],
    ['y * zeros', () => ops.mul(y, graph.constant(0, [2, 1])), () => graph.constant(0, [2, 3])],
    ['x * -1', () => ops.mul(-1, x), () => ops.neg(x)],
    ['x / 1', () => ops.div(x, 1), () => x],
    ['x / 4', () => ops.div(x, 4), () => ops.mul(x, 0.25)],
    ['-(-x)', () => ops.neg(ops.neg(x)), () => x],
    ['x + -z', () => ops.add(x, ops.neg(z)), () => ops.sub(x, z)],
    ['x - -z', () => ops.sub(x, ops.neg(z)), () => ops.add(x, z)],
    ['-(x - z)', () => ops.neg(ops.sub(x, z)), () => ops.sub(z, x)],
    ['x - x', () => ops.sub(x, x), () => graph.constant(0, [2, 3])],
    ['x * x', () => ops.mul(x, x), () => ops.square(x)],
    ['(-x) * (-z)', () => ops.mul(ops.neg(x), ops.neg(z)), () => ops.mul(x, z)],
    ['(x * 2) * 3', () => ops.mul(ops.mul(x, 2), 3), () => ops.mul(x, 6)],
    ['(x + 2) + 3', () => ops.add(ops.add(x, 2), 3), () => ops.add(x, 5)],
    ['z * x = x * z', () => ops.mul(z, x), () => ops.mul(x, z)],
    ['1 + 2', () => ops.add(graph.constant(1), 2), () => graph.constant(3)],
    ['fold a large filled constant', () => ops.exp(graph.constant(0, [500])), () => graph.constant(1, [500])],
    ['an array of equals', () => graph.constant([4, 4, 4], [3]), () => graph.constant(4, [3])],
    ['reshape to itself', () => ops.reshape(x, [2, 3]), () => x],
    ['double reshape', () => ops.reshape(ops.reshape(x, [6]), [3, 2]), () => ops.reshape(x, [3, 2])],
    ['double transpose', () => ops.transpose(ops.transpose(x, [1, 0]), [1, 0]), () => x],
    [
      'transpose that moves a 1',
      () => ops.transpose(ops.reshape(x, [1, 2, 3]), [1, 0, 2]),
      () => ops.reshape(x, [2, 1, 3]),
    ],
    ['whole slice', () => ops.slice(x, [0, 0], [2, 3]), () => x],
    [
      'slice of slice',
      () => ops.slice(ops.slice(x, [0, 1], [2, 2]), [1, 1], [1, 1]),
      () => ops.slice(x, [1, 2], [1, 1]),
    ],
    ['slice of concat', () => ops.slice(ops.concat([x, z, x], 0), [2, 0], [2, 3]), () => z],
    ['slice of pad', () => ops.slice(ops.pad(x, [1, 0], [2, 0]), [1, 0], [2, 3]), () => x],
    ['concat of one', () => ops.concat([x], 1), () => x],
    ['concat of neighbours', () => ops.concat([ops.slice(y, [0], [1]), ops.slice(y, [1], [2])], 0), () => y],
    ['concat of concat', () => ops.concat([ops.concat([x, z], 0), x], 0), () => ops.concat([x, z, x], 0)],
    ['broadcast for an addition', () => ops.add(ops.broadcastTo(y, [2, 3]), x), () => ops.add(y, x)],
    ['leading ones for an addition', () => ops.add(ops.reshape(y, [1, 3]), x), () => ops.add(y, x)],
    ['exp of broadcast', () => ops.exp(ops.broadcastTo(y, [2, 3])), () => ops.broadcastTo(ops.exp(y), [2, 3])],
    ['sum of broadcast', () => ops.sum(ops.broadcastTo(y, [2, 3]), 0), () => ops.mul(y, 2)],
    ['sum of a product with a scalar', () => ops.sum(ops.mul(x, s), 1), () => ops.mul(ops.sum(x, 1), s)],
    ['sum of all of a reshape', () => ops.sum(ops.reshape(x, [3, 2])), () => ops.sum(x)],
    [
      'matmul of transposes',
      () => ops.matmul(ops.transpose(x, [1, 0]), ops.transpose(z, [1, 0]), { transposeB: true }),
      () => ops.matmul(x, z, { transposeA: true }),
    ],
    [
      'select by a constant',
      () => ops.select(graph.constant(1, [2, 1], 'bool'), y, x),
      () => ops.broadcastTo(y, [2, 3]),
    ],
    ['select between equals', () => ops.select(ops.less(x, 0), z, z), () => z],
    [
      'nested selects',
      () => ops.select(ops.less(x, 0), ops.select(ops.less(x, 0), x, z), 0),
      () => ops.select(ops.less(x, 0), x, 0),
    ],
    ['cast to the same', () => ops.cast(x, 'float32'), () => x],
  ];
  it.each(pairs)('%s', (_name, written, expected) => {
    expect(written()).toBe(expected());
  });

  it('keeps constants apart that JSON would not', () => {
    const values = [NaN, Infinity, -Infinity, 0, -0].map((value) => graph.constant(value));
    expect(new Set(values).size).toBe(5);
    expect(graph.constant([1, -0], [2])).not.toBe(graph.constant([1, 0], [2]));
  });

  it('does not turn a quotient into a product with what float32 has no number for', () => {
    const tiny = ops.div(graph.input('numerator', [2]), 1e-39);
    expect(isOp(tiny, 'div')).toBe(true);
  });

  it('does not fold what an int32 cannot hold, nor large arrays', () => {
    const large = ops.mul(graph.constant(0x7fffffff, [], 'int32'), graph.constant(2, [], 'int32'));
    expect(isOp(large, 'mul')).toBe(true);
    const many = graph.constant(
      Array.from({ length: 65 }, (_, i) => i),
      [65],
    );
    expect(isOp(ops.add(many, 1), 'add')).toBe(true);
  });
});
