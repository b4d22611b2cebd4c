import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../../src-main/engine/graph/interpreter.ts';
import { add, matmul, segmentSum } from '../../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../../src-main/engine/graph/types.ts';
import { openExecutor, suiteName, tensorFlowMissing } from './native.ts';

/** Small whole numbers, so that every order of summation gives the same float32. */
const numbers = (count: number, period: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (i % period) - Math.floor(period / 2));

async function computed(nodes: Record<string, GraphNode>, feeds: Record<string, Float32Array | Int32Array>) {
  const executor = await openExecutor();
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
});
