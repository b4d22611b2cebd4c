import { describe, expect, it } from 'vitest';
import { exportProgram } from '../../../../../src-main/engine/executors/tensorflow/export-program.ts';
import { loadBinding } from '../../../../../src-main/engine/executors/tensorflow/native-binding.ts';
import { NO_TUNING, type Tuning } from '../../../../../src-main/engine/executors/tensorflow/processor.ts';
import { openTensorFlowSession } from '../../../../../src-main/engine/executors/tensorflow/tensorflow-session.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../../src-main/engine/graph/interpreter.ts';
import { add, matmul, segmentSum } from '../../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../../src-main/engine/graph/types.ts';
import { chunkRows } from '../../../../../src-main/engine/train/chunk-rows.ts';
import { textBench } from '../../../../../src-shared/config/presets/text-bench.ts';
import { openExecutor, suiteName, tensorFlowMissing } from './native.ts';

/** Small whole numbers, so that every order of summation gives the same float32. */
const numbers = (count: number, period: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (i % period) - Math.floor(period / 2));

async function computed(nodes: Record<string, GraphNode>, feeds: Record<string, Float32Array | Int32Array>) {
  const executor = await openExecutor({ largeProducts: true });
  try {
    const program = { name: 'products', variables: [], functions: { f: { fetches: nodes, updates: {} } } };
    const session = await executor.compile(program, { xla: true });
    try {
      return await session.run('f', feeds);
    } finally {
      session.dispose();
    }
  } finally {
    executor.dispose();
  }
}

describe.skipIf(tensorFlowMissing !== undefined)(suiteName('what large products are written as'), () => {
  it('turns a small right operand round, once for all its products', async () => {
    const graph = new Graph();
    const weight = graph.input('weight', [24, 16]);
    const rows = graph.input('rows', [1024, 16]);
    const more = graph.input('more', [1100, 16]);
    const nodes = {
      first: matmul(rows, weight, { transposeB: true }),
      second: matmul(more, weight, { transposeB: true }),
    };
    const feeds = { weight: numbers(24 * 16, 7), rows: numbers(1024 * 16, 11), more: numbers(1100 * 16, 13) };
    const got = await computed(nodes, feeds);
    const [first = [], second = []] = interpret(Object.values(nodes), feeds);
    expect(got['first']).toEqual(Float32Array.from(first));
    expect(got['second']).toEqual(Float32Array.from(second));
  });

  it.each([
    ['a weight gradient', [320, 300], [320, 256], true, false, true],
    ['a product with a small transposed operand', [1024, 48], [72, 48], false, true, true],
    ['one of fewer rows with a larger operand', [320, 256], [256, 256], false, true, true],
    ['no such product of few rows', [200, 256], [256, 256], false, true, false],
    ['no operands as they are', [1024, 48], [48, 72], false, false, false],
    ['no large transposed operand', [8, 64], [9000, 64], false, true, false],
  ] as const)('batches %s', async (_what, left, right, transposeA, transposeB, isBatched) => {
    const graph = new Graph();
    const product = matmul(graph.input('a', left), graph.input('b', right), { transposeA, transposeB });
    const feeds = { a: numbers(left[0] * left[1], 7), b: numbers(right[0] * right[1], 11) };
    const program = { name: 'batched', variables: [], functions: { f: { fetches: { product }, updates: {} } } };
    const tuning = { ...NO_TUNING, batchesTransposed: true };
    const { savedModel } = exportProgram(program, () => 'clusters', tuning);
    expect(Buffer.from(savedModel).includes('BatchMatMulV2')).toBe(isBatched);
    const { binding } = loadBinding({ intraOpThreads: 2, largeProducts: true });
    const session = await openTensorFlowSession(binding, program, () => 'clusters', tuning);
    try {
      const got = await session.run('f', feeds);
      expect(got['product']).toEqual(Float32Array.from(interpret([product], feeds)[0] ?? []));
    } finally {
      session.dispose();
    }
  });

  it('batches the weight gradient of the logits that exist at a time, and packs no larger operand', () => {
    const config = textBench('finetune');
    const { vocabularySize, modelDim } = config.model;
    const isBatchedFor = (rows: number): boolean => {
      const graph = new Graph();
      const [logits, hidden] = [graph.input('a', [rows, vocabularySize]), graph.input('b', [rows, modelDim])];
      const product = matmul(logits, hidden, { transposeA: true, transposeB: false });
      const program = { name: 'head', variables: [], functions: { f: { fetches: { product }, updates: {} } } };
      const tuning = { ...NO_TUNING, batchesTransposed: true };
      return Buffer.from(exportProgram(program, () => 'clusters', tuning).savedModel).includes('BatchMatMulV2');
    };
    expect(isBatchedFor(chunkRows(config))).toBe(true);
    expect(isBatchedFor(2 * chunkRows(config))).toBe(false);
  });

  it('adds rows where they belong, repeated ids and ids of nobody included', async () => {
    const graph = new Graph();
    const a = graph.input('a', [8192, 2]);
    const b = graph.input('b', [2, 128]);
    const rows = graph.input('rows', [5, 128]);
    const ids = graph.input('ids', [5], 'int32');
    const sum = add(matmul(a, b), segmentSum(rows, ids, 8192));
    const feeds = {
      a: numbers(8192 * 2, 5),
      b: numbers(2 * 128, 3),
      rows: numbers(5 * 128, 17),
      ids: Int32Array.from([7, 0, 7, 8191, 7]),
    };
    const [expected = []] = interpret([sum], feeds);
    expect((await computed({ sum }, feeds))['sum']).toEqual(Float32Array.from(expected));
    // read by somebody else too: the product must stay as it is
    const product = matmul(a, b);
    const both = { product, sum: add(segmentSum(rows, ids, 8192), product) };
    const got = await computed(both, feeds);
    expect(got['product']).toEqual(Float32Array.from(interpret([product], feeds)[0] ?? []));
    expect(got['sum']).toEqual(Float32Array.from(expected));
  });

  const contracting = { ...NO_TUNING, contractsNarrow: true };
  type Sides = readonly [number, number];
  type ProductCase = [what: string, left: Sides, right: Sides, transposeA: boolean, transposeB: boolean];
  const contracted: ProductCase[] = [
    ["a weight gradient of pages' width", [1024, 1024], [1024, 5], true, false],
    ['one whose other operand has it', [1024, 5], [1024, 1024], true, false],
    ['one of a long vocabulary', [256, 8200], [256, 5], true, false],
    ['many rows of long sums', [2048, 1024], [1024, 5], false, false],
    ['the same with an operand to turn round', [2048, 1024], [5, 1024], false, true],
  ];
  const notContracted: ProductCase[] = [
    ['a weight gradient of few rows', [512, 1024], [512, 5], true, false],
    ['a sum of rows', [512, 1], [512, 8200], true, false],
    ['a weight gradient of no such width', [1024, 1000], [1024, 5], true, false],
    ['one that oneDNN packs', [1024, 1024], [1024, 264], true, false],
    ['fewer rows of long sums', [1024, 1024], [1024, 5], false, false],
    ['many rows of short sums', [2048, 256], [256, 5], false, false],
  ];

  function productOf([, left, right, transposeA, transposeB]: ProductCase) {
    const graph = new Graph();
    const product = matmul(graph.input('a', left), graph.input('b', right), { transposeA, transposeB });
    const program = { name: 'contracted', variables: [], functions: { f: { fetches: { product }, updates: {} } } };
    const contracts = (tuning: Tuning): boolean =>
      Buffer.from(exportProgram(program, () => 'clusters', tuning).savedModel).includes('BatchMatMulV3');
    return { product, program, contracts };
  }

  it.each(contracted)('contracts a narrow product where the processor is better at it: %s', async (...of) => {
    const { product, program, contracts } = productOf(of);
    expect([contracting, NO_TUNING].map(contracts)).toEqual([true, false]);
    const [, left, right] = of;
    const feeds = { a: numbers(left[0] * left[1], 7), b: numbers(right[0] * right[1], 11) };
    const { binding } = loadBinding({ intraOpThreads: 2, largeProducts: true });
    const session = await openTensorFlowSession(binding, program, () => 'clusters', contracting);
    try {
      const got = await session.run('f', feeds);
      expect(got['product']).toEqual(Float32Array.from(interpret([product], feeds)[0] ?? []));
    } finally {
      session.dispose();
    }
  });

  it.each(notContracted)('leaves other narrow products as they are: %s', (...of) => {
    expect(productOf(of).contracts(contracting)).toBe(false);
  });

  it.each([
    [
      [24, 200],
      [200, 8],
    ],
    [
      [2, 24, 200],
      [2, 200, 8],
    ],
  ])('multiplies operands rounded to bfloat16 as float32 where that is better: %j x %j', async (left, right) => {
    const graph = new Graph();
    const operands = [graph.input('a', left), graph.input('b', right)];
    const product = graph.apply('matmul', operands, { transposeA: false, transposeB: false, precision: 'bfloat16' });
    const value = (i: number): number => Math.sin(i) + 0.3;
    const filled = (shape: readonly number[]): Float32Array =>
      Float32Array.from({ length: shape.reduce((size, axis) => size * axis, 1) }, (_, i) => value(i));
    const feeds = { a: filled(left), b: filled(right) };
    const program = { name: 'rounded', variables: [], functions: { f: { fetches: { product }, updates: {} } } };
    const { binding } = loadBinding({ intraOpThreads: 2, largeProducts: true });
    const tuning = { ...NO_TUNING, widensBfloat16: true };
    const session = await openTensorFlowSession(binding, program, () => 'function', tuning);
    try {
      const got = (await session.run('f', feeds))['product'] ?? [];
      const [expected = []] = interpret([product], feeds);
      // Sums of 200 products of the same rounded operands: float32's own error, and none of bfloat16's.
      expected.forEach((due, i) => {
        expect(Math.abs((got[i] ?? NaN) - due)).toBeLessThan(1e-4);
      });
      expect(expected.length).toBe(got.length);
    } finally {
      session.dispose();
    }
  });
});
