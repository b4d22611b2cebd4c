import { sameShape, shapeSize } from '../../graph/infer-shape.ts';
import type { GraphNode } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';
import { valueInputs } from '../../graph/needed-nodes.ts';
import { isFixed } from './own-memory.ts';

/** From this many elements on a scatter pays: zeros to add onto and the sum of both are not written. */
const SCATTER_FROM_ELEMENTS = 1 << 20;

/** An addition `into + segmentSum(rows, ids)` that is done by adding the rows where they belong. */
export interface ScatterAdd {
  readonly into: GraphNode;
  readonly sum: GraphNode<'segmentSum'>;
}

/** How often each node's value is read, by nodes or as an output. */
export function countUses(nodes: readonly GraphNode[], outputs: readonly GraphNode[]): Map<GraphNode, number> {
  const uses = new Map<GraphNode, number>();
  for (const node of [...nodes.flatMap(valueInputs), ...outputs]) uses.set(node, (uses.get(node) ?? 0) + 1);
  return uses;
}

/**
 * The scatter that `node` can be written as: only onto a product that nobody else reads, so that it happens in the
 * product's own memory.
 */
export function asScatterAdd(node: GraphNode, uses: ReadonlyMap<GraphNode, number>): ScatterAdd | undefined {
  if (!isOp(node, 'add') || shapeSize(node.shape) < SCATTER_FROM_ELEMENTS) return undefined;
  const [a, b] = node.inputs;
  if (a === undefined || b === undefined || !sameShape(a.shape, b.shape)) return undefined;
  const [into, sum] = isOp(a, 'segmentSum') ? [b, a] : [a, b];
  if (!isOp(sum, 'segmentSum') || !isOp(into, 'matmul') || isFixed(into)) return undefined;
  return uses.get(into) === 1 && uses.get(sum) === 1 ? { into, sum } : undefined;
}
