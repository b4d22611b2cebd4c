import { describe, expect, it } from 'vitest';
import type { BodyMode } from '../../../../../src-main/engine/executors/tensorflow/export-function.ts';
import { loadBinding } from '../../../../../src-main/engine/executors/tensorflow/native-binding.ts';
import { isFixed } from '../../../../../src-main/engine/executors/tensorflow/own-memory.ts';
import { NO_TUNING } from '../../../../../src-main/engine/executors/tensorflow/processor.ts';
import { openTensorFlowSession } from '../../../../../src-main/engine/executors/tensorflow/tensorflow-session.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../../src-main/engine/graph/interpreter.ts';
import * as ops from '../../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../../src-main/engine/graph/types.ts';
import { suiteName, tensorFlowMissing } from './native.ts';

type Feeds = Record<string, Float32Array | Int32Array>;
type Nodes = Record<string, GraphNode>;

/** The largest difference from the interpreter of every value in the worse of two calls: the second sees what the first left. */
async function largestErrors(nodes: Nodes, feeds: Feeds, mode: BodyMode): Promise<Record<string, number>> {
  const program = { name: 'own-memory', variables: [], functions: { f: { fetches: nodes, updates: {} } } };
  const tuning = { ...NO_TUNING, entropyBySoftmax: true };
  const session = await openTensorFlowSession(loadBinding({}).binding, program, () => mode, tuning);
  try {
    const calls = [await session.run('f', feeds), await session.run('f', feeds)];
    const exact = interpret(Object.values(nodes), feeds);
    const errorOf = (name: string, i: number): number =>
      Math.max(
        ...calls.map((call) =>
          Array.from(exact[i] ?? []).reduce(
            (most, value, at) => Math.max(most, Math.abs((call[name]?.[at] ?? NaN) - value)),
            0,
          ),
        ),
      );
    return Object.fromEntries(Object.keys(nodes).map((name, i) => [name, errorOf(name, i)]));
  } finally {
    session.dispose();
  }
}

describe('isFixed', () => {
  it('tells what no call changes', () => {
    const graph = new Graph();
    const constant = graph.constant([1, 2, 3], [3]);
    expect(isFixed(ops.exp(constant))).toBe(true);
    expect(isFixed(ops.add(ops.exp(constant), graph.input('x', [3])))).toBe(false);
    expect(isFixed(ops.exp(graph.variable('v', [3])))).toBe(false);
  });
});

describe.skipIf(tensorFlowMissing !== undefined)(
  suiteName('values that TensorFlow changes in their own memory'),
  () => {
    describe.each([
      ['small', [3, 5], 'function'],
      ['small', [3, 5], 'clusters'],
      ['large', [512, 2048], 'function'],
      ['large', [512, 2048], 'clusters'],
    ] as const)('cross-entropy of %s logits %o, as %s', (_size, [rows, columns], mode) => {
      const graph = new Graph();
      const logits = graph.input('logits', [rows, columns]);
      const a = graph.input('a', [rows], 'int32');
      const b = graph.input('b', [rows], 'int32');
      const labels = (shift: number): Int32Array => Int32Array.from({ length: rows }, (_, i) => (i + shift) % columns);
      const given: Feeds = {
        logits: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 1.7)),
        a: labels(0),
        b: labels(1),
      };
      const cases: [string, Nodes, readonly string[]][] = [
        ['constant logits', { gradient: ops.sparseCrossEntropyGrad(graph.constant(0.5, [rows, columns]), a) }, ['a']],
        [
          'two labels of the same logits',
          {
            a: ops.sparseCrossEntropyGrad(logits, a),
            b: ops.sparseCrossEntropyGrad(logits, b),
            loss: ops.sparseCrossEntropy(logits, a),
          },
          ['logits', 'a', 'b'],
        ],
        [
          'their softmax beside it',
          { softmax: ops.softmax(logits), gradient: ops.sparseCrossEntropyGrad(logits, a) },
          ['logits', 'a'],
        ],
        [
          'the exponential of their log-softmax',
          { softmax: ops.exp(ops.logSoftmax(logits)), gradient: ops.sparseCrossEntropyGrad(logits, a) },
          ['logits', 'a'],
        ],
      ];
      it.each(cases)('is not mixed up with %s', async (_what, nodes, names) => {
        const feeds = Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
        const errors = await largestErrors(nodes, feeds, mode);
        for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(1e-5);
      });
    });

    it.each([
      ['constant', true],
      ['equal to another', false],
    ])('rows are added to a product that is %s', async (_what, isConstant) => {
      const graph = new Graph();
      const x = isConstant ? graph.constant(0.5, [1024, 4]) : graph.input('x', [1024, 4]);
      const rows = graph.input('rows', [2, 1024]);
      const ids = graph.input('ids', [2], 'int32');
      const weight = isConstant ? graph.constant(2, [4, 1024]) : graph.input('weight', [4, 1024]);
      const product = ops.matmul(x, weight);
      // Another node, the same operation of TensorFlow's.
      const same = ops.matmul(ops.opaque(x), weight);
      const nodes = { sum: ops.add(product, ops.segmentSum(rows, ids, 1024)), same };
      const feeds: Feeds = {
        rows: Float32Array.from({ length: 2048 }, (_, i) => i % 5),
        ids: Int32Array.of(3, 700),
        ...(!isConstant && { x: new Float32Array(4096).fill(0.5), weight: new Float32Array(4096).fill(2) }),
      };
      expect(await largestErrors(nodes, feeds, 'clusters')).toEqual({ sum: 0, same: 0 });
    });
  },
);
