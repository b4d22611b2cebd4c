import { shapeSize } from './infer-shape.ts';
import * as ops from './ops.ts';
import { isOp } from './types.ts';
import type { GraphNode } from './types.ts';

/** A matrix product as A B^T: left [...B, M, K], right [...B, N, K]. */
interface Product {
  readonly node: GraphNode<'matmul'>;
  readonly left: GraphNode;
  readonly right: GraphNode;
  readonly inner: number;
}

/** `matrix` with its inner dimension last; undefined where that would take a real transposition. */
function innerLast(matrix: GraphNode, isInnerLast: boolean): GraphNode | undefined {
  if (isInnerLast) return matrix;
  const [inner = 1, outer = 1] = matrix.shape.slice(-2);
  return inner === 1 ? ops.reshape(matrix, [...matrix.shape.slice(0, -2), outer, inner]) : undefined;
}

function asProduct(node: GraphNode): Product | undefined {
  if (!isOp(node, 'matmul')) return undefined;
  const [a, b] = node.inputs;
  if (!a || !b) return undefined;
  const left = innerLast(a, !node.attributes.transposeA);
  const right = innerLast(b, node.attributes.transposeB);
  return left && right && { node, left, right, inner: left.shape.at(-1) ?? 1 };
}

/** Whether joining the operands reads and writes less than adding the results up would. */
function isWorthJoining(products: readonly Product[]): boolean {
  const [M = 1, N = 1] = products[0]?.node.shape.slice(-2) ?? [];
  const inner = products.reduce((sum, product) => sum + product.inner, 0);
  return products.length > 1 && M * N * (products.length - 1) > (M + N) * inner;
}

/**
 * A1 B1^T + A2 B2^T + … as one product [A1 A2 …] [B1 B2 …]^T where the results are larger than the operands (sums of
 * cotangents of logits [R, V]): fewer of them exist at a time and none has to be added. Other terms are returned as they are.
 */
export function mergeProducts(terms: readonly GraphNode[]): GraphNode[] {
  const groups = new Map<string, Product[]>();
  for (const term of terms) {
    const product = asProduct(term);
    if (!product) continue;
    const key = `${product.node.shape.join()}/${product.node.attributes.precision}`;
    groups.set(key, [...(groups.get(key) ?? []), product]);
  }
  const merged: GraphNode[] = [];
  const replaced = new Set<GraphNode>();
  for (const products of groups.values()) {
    const [first] = products;
    if (!first || shapeSize(first.node.shape) === 0 || !isWorthJoining(products)) continue;
    for (const { node } of products) replaced.add(node);
    const join = (side: (product: Product) => GraphNode): GraphNode => ops.concat(products.map(side), -1);
    const { precision } = first.node.attributes;
    merged.push(
      ops.matmul(
        join((product) => product.left),
        join((product) => product.right),
        { transposeB: true, precision },
      ),
    );
  }
  return [...terms.filter((term) => !replaced.has(term)), ...merged];
}
