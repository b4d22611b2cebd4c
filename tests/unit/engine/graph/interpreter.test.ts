import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import { erf } from '../../../../src-main/engine/graph/interpreter/erf.ts';
import * as ops from '../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../src-main/engine/graph/types.ts';

const graph = new Graph();
const x = graph.input('x', [2, 3]);
const ids = graph.input('ids', [3], 'int32');
const feeds = { x: [1, -2, 3, 4, 5, -6], ids: [2, 0, 2] };

const value = (node: GraphNode): number[] => [...(interpret([node], feeds)[0] ?? [])];

describe('interpret', () => {
  it('computes what the ops say', () => {
    expect(value(ops.add(x, ops.slice(x, [0, 1], [2, 1])))).toEqual([-1, -4, 1, 9, 10, -1]);
    expect(value(ops.sum(x, 0))).toEqual([5, 3, -3]);
    expect(value(ops.max(x, 1, true))).toEqual([3, 5]);
    expect(value(ops.argMax(x, 1))).toEqual([2, 1]);
    expect(value(ops.argMax(ops.mul(x, 0), 0))).toEqual([0, 0, 0]);
    expect(value(ops.transpose(x, [1, 0]))).toEqual([1, 4, -2, 5, 3, -6]);
    expect(value(ops.matmul(x, x, { transposeB: true }))).toEqual([14, -24, -24, 77]);
    expect(value(ops.gather(ops.transpose(x, [1, 0]), ids))).toEqual([3, -6, 1, 4, 3, -6]);
    expect(value(ops.segmentSum(ops.transpose(x, [1, 0]), ids, 3))).toEqual([-2, 5, 0, 0, 4, -2]);
    expect(value(ops.oneHot(ids, 3))).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 1]);
    expect(value(ops.pad(ops.slice(x, [0, 0], [1, 2]), [1, 0], [0, 1]))).toEqual([0, 0, 0, 1, -2, 0]);
    expect(value(ops.concat([x, ops.neg(x)], 1)).slice(0, 6)).toEqual([1, -2, 3, -1, 2, -3]);
    expect(value(ops.cast(ops.mul(x, 0.7), 'int32'))).toEqual([0, -1, 2, 2, 3, -4]);
    expect(value(ops.floorDiv(ops.cast(x, 'int32'), 4))).toEqual([0, -1, 0, 1, 1, -2]);
    expect(value(ops.mod(ops.cast(x, 'int32'), 4))).toEqual([1, 2, 3, 0, 1, 2]);
    expect(value(ops.select(ops.less(x, 0), 0, x))).toEqual([1, 0, 3, 4, 5, 0]);
    expect(value(ops.sum(ops.softmax(x), 1)).map((total) => Math.abs(total - 1) < 1e-12)).toEqual([true, true]);
    const labels = ops.slice(ids, [0], [2]);
    const entropy = value(ops.sparseCrossEntropy(x, labels));
    const picked = value(ops.logSoftmax(x));
    expect(entropy[0]).toBeCloseTo(-(picked[2] ?? 0), 12);
    expect(entropy[1]).toBeCloseTo(-(picked[3] ?? 0), 12);
  });

  it('rounds the operands of a bfloat16 product', () => {
    const y = graph.input('y', [1, 1]);
    const product = ops.matmul(y, graph.constant(1, [1, 1]), { precision: 'bfloat16' });
    const rounded = [1.00390625, 1.01171875, 1.001, 3.1415927].map(
      (number) => interpret([product], { y: [number] })[0]?.[0],
    );
    expect(rounded).toEqual([1, 1.015625, 1, 3.140625]);
  });

  it('says which input has no value, or one of a wrong size', () => {
    expect(() => interpret([x], {})).toThrow('input "x" has no value');
    expect(() => interpret([x], { x: [1] })).toThrow('input "x" has 1 values, expected 6');
    expect(() => interpret([ops.gather(x, ids)], feeds)).toThrow('id 2 is not in [0, 2)');
  });

  it('knows the error function', () => {
    const known = [
      [0, 0],
      [0.5, 0.5204998778130465],
      [-1, -0.8427007929497149],
      [2.5, 0.999593047982555],
      [7, 1],
    ] as const;
    for (const [at, expected] of known) expect(erf(at)).toBeCloseTo(expected, 14);
  });
});
