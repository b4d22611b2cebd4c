import type { GraphNode } from './types.ts';
import { isOp } from './types.ts';

/** The inputs that a node's value depends on: given gradients describe it, they are no part of its value. */
export function valueInputs(node: GraphNode): readonly GraphNode[] {
  return isOp(node, 'withGradient') ? node.inputs.slice(0, 1) : node.inputs;
}

/** Every node that `outputs` need, inputs before users. Does not look behind the nodes in `given`. */
export function neededNodes(outputs: Iterable<GraphNode>, given: ReadonlySet<GraphNode> = new Set()): GraphNode[] {
  const seen = new Set<GraphNode>();
  const stack = [...outputs];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!given.has(node)) stack.push(...valueInputs(node));
  }
  // A node is numbered after its inputs.
  return [...seen].sort((a, b) => a.id - b.id);
}
