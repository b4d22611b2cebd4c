import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../../../../src-main/engine/executors/executor.ts';
import { isLibraryPass, isShortSum } from '../../../../../src-main/engine/executors/tensorflow/library-passes.ts';
import { exportProgram } from '../../../../../src-main/engine/executors/tensorflow/export-program.ts';
import { neededNodes } from '../../../../../src-main/engine/graph/needed-nodes.ts';
import { planClusters } from '../../../../../src-main/engine/executors/tensorflow/plan-clusters.ts';
import { openTensorFlowSession } from '../../../../../src-main/engine/executors/tensorflow/tensorflow-session.ts';
import { loadBinding } from '../../../../../src-main/engine/executors/tensorflow/native-binding.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import * as ops from '../../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../../src-main/engine/graph/types.ts';
import type { BodyMode } from '../../../../../src-main/engine/executors/tensorflow/export-function.ts';
import { NO_TUNING, type Tuning } from '../../../../../src-main/engine/executors/tensorflow/processor.ts';
import { openExecutor, suiteName, tensorFlowMissing } from './native.ts';

type Feeds = Record<string, Float32Array | Int32Array>;

const waves = (count: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => scale * Math.sin(i * 0.7) * Math.cos(i * 0.013));

describe('passes that are left to the library', () => {
  it('are the large ones', () => {
    const graph = new Graph();
    const entropy = (rows: number): GraphNode =>
      ops.sparseCrossEntropyGrad(graph.input(`x${rows}`, [rows, 4096]), graph.input(`l${rows}`, [rows], 'int32'));
    expect([entropy(256), entropy(255)].map(isLibraryPass)).toEqual([true, false]);
    const x = graph.input('x', [1024, 1024]);
    const flat = ops.sum(ops.square(x));
    expect([flat, ops.sum(ops.square(x), 0), ops.sum(x)].map(isLibraryPass)).toEqual([true, false, false]);
  });

  it('may be sums of a few large rows, not of many', () => {
    const x = new Graph().input('x', [16, 64, 512]);
    const tall = ops.reshape(x, [1024, 512]);
    expect([ops.sum(x, 0), ops.sum(tall, 0), ops.sum(tall, 1)].map(isShortSum)).toEqual([true, false, false]);
  });
});

describe.skipIf(tensorFlowMissing !== undefined)(suiteName('the library’s passes in TensorFlow'), () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await openExecutor();
  });
  afterAll(() => {
    executor.dispose();
  });

  const tuning: Tuning = { ...NO_TUNING, entropyBySoftmax: true };

  async function computed(nodes: Record<string, GraphNode>, feeds: Feeds, mode: BodyMode = 'clusters') {
    const program = { name: 'passes', variables: [], functions: { f: { fetches: nodes, updates: {} } } };
    const session = await openTensorFlowSession(loadBinding({}).binding, program, () => mode, tuning);
    try {
      return await session.run('f', feeds);
    } finally {
      session.dispose();
    }
  }

  it.each([
    ['large logits', 65_536, 'clusters', 'Softmax'],
    ['large logits in a plain body', 65_536, 'function', 'Softmax'],
    ['small logits in a plain body', 4111, 'function', 'LogSoftmax'],
  ] as const)(
    'give cross-entropy and its gradient of %s, whatever the label’s probability',
    async (_of, V, mode, op) => {
      const R = 16;
      const graph = new Graph();
      const logits = graph.input('logits', [R, V]);
      const labels = graph.input('labels', [R], 'int32');
      const nodes = {
        perRow: ops.sparseCrossEntropy(logits, labels),
        gradient: ops.sparseCrossEntropyGrad(logits, labels),
      };
      const feeds = { logits: waves(R * V, 4), labels: Int32Array.from({ length: R }, (_, i) => (i * 4099) % V) };
      const program = { name: 'passes', variables: [], functions: { f: { fetches: nodes, updates: {} } } };
      const written = Buffer.from(exportProgram(program, () => mode, tuning).savedModel);
      // A text follows its length.
      const has = (name: string): boolean => written.includes(String.fromCharCode(name.length) + name);
      expect([op, 'SparseSoftmaxCrossEntropyWithLogits'].map(has)).toEqual([true, false]);
      // Labels of probability e^-200, e^-5000 and 1.
      feeds.logits[0] = -200;
      feeds.logits[3 * V + ((3 * 4099) % V)] = -5000;
      feeds.logits[5 * V + ((5 * 4099) % V)] = 400;
      const { perRow = [], gradient = [] } = await computed(nodes, feeds, mode);
      feeds.labels.forEach((label, r) => {
        const row = feeds.logits.subarray(r * V, (r + 1) * V);
        const top = row.reduce((a, b) => Math.max(a, b));
        const logSum = top + Math.log(row.reduce((sum, x) => sum + Math.exp(x - top), 0));
        const loss = logSum - (row[label] ?? NaN);
        expect(Math.abs((perRow[r] ?? NaN) - loss) / Math.max(1, loss), `row ${r}`).toBeLessThan(2e-6);
        const worst = row.reduce((error, x, v) => {
          const due = Math.exp(x - logSum) - (v === label ? 1 : 0);
          return Math.max(error, Math.abs((gradient[r * V + v] ?? NaN) - due));
        }, 0);
        expect(worst, `row ${r}`).toBeLessThan(1e-6);
      });
      expect(perRow[3]).toBeGreaterThan(5000);
    },
  );

  it('read what is squared, so that squares are written for nobody', () => {
    const graph = new Graph();
    const x = ops.matmul(graph.input('a', [1024, 8]), graph.input('b', [8, 1024]));
    const squares = ops.square(x);
    const scaled = ops.mul(squares, ops.rsqrt(ops.sum(squares)));
    const program = { name: 'norm', variables: [], functions: { f: { fetches: { scaled }, updates: {} } } };
    const { savedModel } = exportProgram(program, () => 'clusters');
    const clusters = planClusters(neededNodes([scaled]), new Set([scaled]));
    expect(clusters.flatMap(({ outputs }) => outputs)).toEqual([scaled]);
    expect(clusters.flatMap(({ inputs }) => inputs)).toContain(x);
    expect(Buffer.from(savedModel).includes('L2Loss')).toBe(true);
  });

  it('give the sum of squares, also of squares that are read elsewhere', async () => {
    const graph = new Graph();
    const x = graph.input('x', [1 << 20]);
    const y = graph.input('y', [1 << 20]);
    const nodes = {
      x: ops.sum(ops.square(x)),
      y: ops.add(ops.sum(ops.square(y)), ops.sum(ops.slice(ops.square(y), [5], [3]))),
    };
    const feeds = { x: waves(1 << 20, 3), y: waves(1 << 20, 0.1) };
    const got = await computed(nodes, feeds);
    const total = (of: Float32Array): number => of.reduce((sum, value) => sum + value * value, 0);
    const due = { x: total(feeds.x), y: total(feeds.y) + total(feeds.y.subarray(5, 8)) };
    for (const name of ['x', 'y'] as const) {
      expect(Math.abs((got[name]?.[0] ?? NaN) - due[name]) / due[name]).toBeLessThan(1e-6);
    }
  });
});
