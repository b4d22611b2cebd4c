import type { GraphNode } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';
import { valueInputs } from '../../graph/needed-nodes.ts';

/**
 * Whether no call changes a node's value: TensorFlow computes such a value once and keeps it, so that nothing may be written
 * into its memory.
 */
export function isFixed(node: GraphNode): boolean {
  const seen = new Set<GraphNode>();
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (isOp(at, 'input') || isOp(at, 'variable')) return false;
    stack.push(...valueInputs(at));
  }
  return true;
}
