import { Graph } from '../../graph/graph.ts';
import { matmul, sum } from '../../graph/ops.ts';
import type { Executor } from '../executor.ts';

const SIZE = 1024;
/** Products per call, so that a call's own cost does not count. */
const CHAIN = 16;
const CALLS = 9;

/**
 * The float32 matrix-product peak of an executor: GFLOP/s of 1024 x 1024 x 1024 products, the best call of nine
 * (a peak: other work on the machine only lowers it).
 */
export async function measureMatmulPeak(executor: Executor): Promise<number> {
  const graph = new Graph();
  const weights = graph.variable('weights', [SIZE, SIZE]);
  let product = weights;
  for (let i = 0; i < CHAIN; i++) product = matmul(product, weights);
  const session = await executor.compile({
    name: 'matmul-peak',
    variables: [{ name: 'weights', shape: [SIZE, SIZE], dtype: 'float32' }],
    functions: { chain: { fetches: { total: sum(product) }, updates: {} } },
  });
  try {
    const values = new Float32Array(SIZE * SIZE).fill(1 / SIZE);
    await session.write('weights', values);
    await session.run('chain', {});
    let best = Infinity;
    for (let call = 0; call < CALLS; call++) {
      const started = performance.now();
      await session.run('chain', {});
      best = Math.min(best, performance.now() - started);
    }
    return (CHAIN * 2 * SIZE ** 3) / (best * 1e6);
  } finally {
    session.dispose();
  }
}
