/**
 * Cotangents are kept as small as they are: the cotangent of a node of shape Y is any node whose shape *broadcasts* to
 * Y (a scalar for "the same everywhere"). Only what can't work on such a shape spreads it out with `spread`.
 */
import { sameShape, shapeSize } from './infer-shape.ts';
import { mergeProducts } from './merge-products.ts';
import * as ops from './ops.ts';
import type { GraphNode, Shape } from './types.ts';

/** `cotangent` in exactly `shape`. */
export function spread(cotangent: GraphNode, shape: Shape): GraphNode {
  return sameShape(cotangent.shape, shape) ? cotangent : ops.broadcastTo(cotangent, shape);
}

/** `cotangent` with ones put before its shape up to `rank`; a single element stays as it is. */
export function withRank(cotangent: GraphNode, rank: number): GraphNode {
  const missing = rank - cotangent.shape.length;
  if (missing <= 0) return cotangent;
  return ops.reshape(cotangent, [...Array.from({ length: missing }, () => 1), ...cotangent.shape]);
}

/**
 * The cotangent of an input of shape `to` that was broadcast to `from`, given `cotangent` (broadcastable to `from`):
 * sums over the broadcast axes. Axes on which the cotangent itself is constant are counted, not summed.
 */
export function reduceTo(cotangent: GraphNode, from: Shape, to: Shape): GraphNode {
  const shape = cotangent.shape;
  const lead = from.length - shape.length;
  const axes: number[] = [];
  const kept: number[] = [];
  let copies = 1;
  for (let i = 0; i < from.length; i++) {
    const target = to[i - (from.length - to.length)];
    const dim = from[i] ?? 1;
    const own = i < lead ? 1 : (shape[i - lead] ?? 1);
    if (target === undefined || (target === 1 && dim !== 1)) {
      if (own !== 1) axes.push(i - lead);
      else copies *= dim;
    }
    // The shape of the sum, aligned with `to` at its end.
    if (target !== undefined && i >= lead) kept.push(target === 1 ? 1 : own);
  }
  const scaled = (node: GraphNode): GraphNode => (copies === 1 ? node : ops.mul(node, copies));
  // Scaling goes where there are fewer elements.
  const keepsDims = to.length >= shape.length;
  const summed = axes.length === 0 ? cotangent : ops.sum(cotangent, axes, keepsDims);
  const reshaped = sameShape(summed.shape, kept) ? summed : ops.reshape(summed, kept);
  return scaled(reshaped);
}

/** Whether the cotangent of a node of shape `shape` is constant along `axis`. */
export function isConstantAlong(cotangent: GraphNode, shape: Shape, axis: number): boolean {
  const own = axis - (shape.length - cotangent.shape.length);
  return own < 0 || (cotangent.shape[own] === 1 && shape[axis] !== 1);
}

/** Sum of cotangents of one node, small ones first so that few large additions remain. */
export function accumulate(parts: readonly GraphNode[]): GraphNode | undefined {
  const sorted = mergeProducts(parts).sort((a, b) => shapeSize(a.shape) - shapeSize(b.shape) || a.id - b.id);
  let total: GraphNode | undefined;
  for (const part of sorted) total = total === undefined ? part : ops.add(total, part);
  return total;
}
