import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import { mergeProducts } from '../../../../src-main/engine/graph/merge-products.ts';
import * as ops from '../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../src-main/engine/graph/types.ts';
import { randomStream } from './random-graph.ts';

const graph = new Graph();
const a = graph.input('a', [2, 9, 2]);
const b = graph.input('b', [2, 10, 2]);
const column = graph.input('column', [2, 9, 1]);
const row = graph.input('row', [2, 1, 10]);
const draw = randomStream(1);
const feeds = Object.fromEntries(
  [a, b, column, row].map((node, i) => [
    ['a', 'b', 'column', 'row'][i] ?? '',
    Array.from({ length: node.shape.reduce((x, y) => x * y, 1) }, draw),
  ]),
);

const total = (terms: readonly GraphNode[]): GraphNode => terms.reduce((sum, term) => ops.add(sum, term));

describe('mergeProducts', () => {
  it('joins products whose sum is larger than their operands', () => {
    const terms = [
      ops.matmul(a, b, { transposeB: true }),
      ops.matmul(ops.exp(a), ops.exp(b), { transposeB: true }),
      ops.matmul(column, row),
    ];
    const merged = mergeProducts(terms);
    expect(merged.map((node) => node.op)).toEqual(['matmul']);
    const [expected, found] = interpret([total(terms), total(merged)], feeds);
    expected?.forEach((value, i) => {
      expect(found?.[i]).toBeCloseTo(value, 12);
    });
  });

  it('leaves other terms, other precisions and small sums alone', () => {
    const product = ops.matmul(a, b, { transposeB: true });
    const rounded = ops.matmul(ops.exp(a), b, { transposeB: true, precision: 'bfloat16' });
    const terms = [ops.exp(product), product, rounded];
    expect(mergeProducts(terms)).toEqual(terms);
    const small = [ops.matmul(a, a, { transposeA: true }), ops.matmul(a, ops.exp(a), { transposeA: true })];
    expect(mergeProducts(small)).toEqual(small);
  });
});
