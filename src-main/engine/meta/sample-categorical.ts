import {
  add,
  cast,
  gather,
  lessEqual,
  matmul,
  minimum,
  mul,
  oneHot,
  pad,
  reshape,
  slice,
  sub,
  sum,
} from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';

/** The divisor of V nearest to sqrt(V), or undefined when none is within a factor of 4. */
function blockSizeOf(V: number): number | undefined {
  const root = Math.sqrt(V);
  for (let distance = 0; distance < V; distance++) {
    for (const size of [Math.floor(root) - distance, Math.ceil(root) + distance]) {
      if (size >= root / 4 && size <= root * 4 && V % size === 0) return size;
    }
    if (distance > root * 4) break;
  }
  return undefined;
}

/** [n, n] with 1 where row <= column: a product with it is an inclusive running sum. */
function runningSumMatrix(beside: GraphNode, n: number): GraphNode {
  const values = Array.from({ length: n * n }, (_unused, i) => (Math.floor(i / n) <= i % n ? 1 : 0));
  return beside.graph.apply('constant', [], { values, shape: [n, n], dtype: 'float32' });
}

/**
 * Draws one class per row by inverting the cumulative distribution: probabilities [R, V] (rows need not sum to exactly
 * 1), uniform numbers [R] in [0, 1) -> int32 [R]. The sum is searched in two levels (about sqrt(V) blocks, then inside
 * one block), so only one pass reads all R*V probabilities.
 */
export function sampleCategorical(probabilities: GraphNode, uniform: GraphNode): GraphNode {
  const [R = 0, V = 0] = probabilities.shape;
  const divisor = blockSizeOf(V);
  const size = divisor ?? Math.ceil(Math.sqrt(V));
  const blocks = Math.ceil(V / size);
  const padded = divisor === undefined ? pad(probabilities, [0, 0], [0, blocks * size - V]) : probabilities;
  const byBlock = reshape(padded, [R, blocks, size]);
  const blockSums = sum(byBlock, 2); // [R, blocks]
  const upTo = matmul(blockSums, runningSumMatrix(uniform, blocks)); // [R, blocks]
  const total = slice(upTo, [0, blocks - 1], [R, 1]);
  const threshold = mul(reshape(uniform, [R, 1]), total); // [R, 1]
  const countPassed = (sums: GraphNode, last: number): GraphNode =>
    cast(minimum(sum(cast(lessEqual(sums, threshold), 'float32'), 1), last), 'int32');
  const block = countPassed(upTo, blocks - 1); // [R]
  const chosen = oneHot(block, blocks);
  const before = sum(mul(chosen, sub(upTo, blockSums)), 1, true); // [R, 1]
  const firstRows = probabilities.graph.apply('constant', [], {
    values: Array.from({ length: R }, (_unused, r) => r * blocks),
    shape: [R],
    dtype: 'int32',
  });
  const inside = gather(reshape(padded, [R * blocks, size]), add(firstRows, block)); // [R, size]
  const insideUpTo = add(matmul(inside, runningSumMatrix(uniform, size)), before);
  const offset = countPassed(insideUpTo, size - 1);
  return minimum(add(mul(block, size), offset), V - 1);
}
