import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/app-error.ts';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { broadcastShapes } from '../../../../src-main/engine/graph/infer-shape.ts';
import * as ops from '../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../src-main/engine/graph/types.ts';

const graph = new Graph();
const a = graph.input('a', [2, 3]);
const ids = graph.input('ids', [4], 'int32');

describe('shapes', () => {
  const shapes: readonly (readonly [string, () => GraphNode, readonly number[], string])[] = [
    ['broadcasting', () => ops.add(graph.input('b', [5, 1, 3]), a), [5, 2, 3], 'float32'],
    ['comparison', () => ops.less(a, 0), [2, 3], 'bool'],
    ['sum with kept axes', () => ops.sum(a, -1, true), [2, 1], 'float32'],
    ['sum of all', () => ops.sum(a), [], 'float32'],
    ['arg max', () => ops.argMax(a, 0), [3], 'int32'],
    ['matmul with flags', () => ops.matmul(a, graph.input('w', [4, 3]), { transposeB: true }), [2, 4], 'float32'],
    ['gather', () => ops.gather(a, graph.input('two', [5, 1], 'int32')), [5, 1, 3], 'float32'],
    ['segment sum', () => ops.segmentSum(graph.input('rows', [4, 7]), ids, 9), [9, 7], 'float32'],
    ['one-hot', () => ops.oneHot(ids, 6), [4, 6], 'float32'],
    ['concat', () => ops.concat([a, graph.input('c', [2, 1])], 1), [2, 4], 'float32'],
    ['pad', () => ops.pad(a, [1, 0], [2, 3]), [5, 6], 'float32'],
    ['transpose', () => ops.transpose(graph.input('t', [2, 3, 4]), [2, 0, 1]), [4, 2, 3], 'float32'],
    ['cross-entropy', () => ops.sparseCrossEntropy(graph.input('logits', [4, 8]), ids), [4], 'float32'],
  ];
  it.each(shapes)('%s', (_name, make, shape, dtype) => {
    const node = make();
    expect([node.shape, node.dtype]).toEqual([shape, dtype]);
  });

  it('broadcasts like NumPy', () => {
    expect(broadcastShapes([3, 1], [4])).toEqual([3, 4]);
    expect(broadcastShapes([], [2])).toEqual([2]);
    expect(broadcastShapes([0], [1])).toEqual([0]);
    expect(broadcastShapes([2], [3])).toBeUndefined();
  });
});

describe('shape errors say which op, what it was given and what does not fit', () => {
  const errors: readonly (readonly [string, () => GraphNode])[] = [
    ['add(float32[2, 3], float32[2]): shapes cannot be broadcast together', () => ops.add(a, graph.input('v', [2]))],
    ['add(float32[2, 3], int32[4]): both inputs must have one dtype', () => ops.add(a, ids)],
    ['exp(int32[4]): dtype must be float32', () => ops.exp(ids)],
    ['matmul(float32[2, 3], float32[2, 3]): inner dimensions 3 and 2 differ', () => ops.matmul(a, a)],
    ['reshape(float32[2, 3]): cannot become [5]', () => ops.reshape(a, [5])],
    ['slice(float32[2, 3]): slice of [1, 3] at [2, 0] is out of range', () => ops.slice(a, [2, 0], [1, 3])],
    ['sum(float32[2, 3]): axes [2] must be distinct and within the rank', () => ops.sum(a, 2)],
    ['transpose(float32[2, 3]): [0, 0] is no permutation of the axes', () => ops.transpose(a, [0, 0])],
    [
      'concat(float32[2, 3], float32[2]): inputs may differ only along axis 0',
      () => ops.concat([a, graph.input('v', [2])], 0),
    ],
    ['gather(float32[2, 3], float32[2, 3]): expected (params [R, ...], ids int32)', () => ops.gather(a, a)],
    ['sparseCrossEntropy(float32[2, 3], int32[4]): labels must be int32 [2]', () => ops.sparseCrossEntropy(a, ids)],
    ['constant(): 2 values do not fill [3]', () => graph.constant([1, 2], [3])],
  ];
  it.each(errors)('%s', (message, make) => {
    expect(make).toThrow(AppError);
    expect(make).toThrow(message);
  });
});

describe('Graph', () => {
  it('builds equal expressions once', () => {
    expect(ops.exp(ops.add(a, 1))).toBe(ops.exp(ops.add(a, 1)));
    expect(ops.mul(a, ops.exp(a))).toBe(ops.mul(ops.exp(a), a));
    expect(ops.sub(a, ops.exp(a))).not.toBe(ops.sub(ops.exp(a), a));
  });

  it('returns the same leaf for the same name and refuses another shape for it', () => {
    expect(graph.input('a', [2, 3])).toBe(a);
    expect(() => graph.input('a', [3, 2])).toThrow('input "a" is already float32[2,3]');
  });

  it('refuses nodes of another graph', () => {
    expect(() => ops.add(a, new Graph().input('a', [2, 3]))).toThrow('belongs to another graph');
  });
});
