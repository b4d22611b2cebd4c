import { isOp } from './types.ts';
import type { GraphNode } from './types.ts';

/** The inputs a node's value depends on: gradients given by `withGradient` describe it, they are no part of it. */
export function valueInputs(node: GraphNode): readonly GraphNode[] {
  return isOp(node, 'withGradient') ? node.inputs.slice(0, 1) : node.inputs;
}

/** Every node that the values of `outputs` need, by id. A node's id is above those of its inputs. */
export function neededNodes(outputs: Iterable<GraphNode>): GraphNode[] {
  const seen = new Set(outputs);
  // A set may grow while it is walked.
  for (const node of seen) for (const input of valueInputs(node)) seen.add(input);
  return [...seen].sort((a, b) => a.id - b.id);
}

/**
 * Whether a node takes (much) more memory than it frees, however late it is computed: made from nothing, from a few
 * ids or a key, copied out, or cut from what lives through the whole call.
 */
function isBestLate(node: GraphNode, lateNodes: ReadonlySet<GraphNode>): boolean {
  switch (node.op) {
    case 'input':
    case 'variable':
    case 'constant':
    case 'broadcastTo':
    case 'oneHot':
    case 'randomUniform':
      return true;
    case 'slice':
    case 'reshape':
      return node.inputs.every(
        (input) => lateNodes.has(input) && input.op !== 'randomUniform' && input.op !== 'oneHot',
      );
    default:
      return false;
  }
}

/**
 * What the values of `outputs` need, inputs before users; the same list for the same graph. Nodes come in the order
 * they were made, which suits memory (a forward pass, then a backward pass that takes each weight's gradient where its
 * cotangent is at hand), but those that are best late come right before their first user.
 */
export function topologicalOrder(outputs: Iterable<GraphNode>): GraphNode[] {
  const needed = neededNodes(outputs);
  const late = new Set<GraphNode>();
  for (const node of needed) if (isBestLate(node, late)) late.add(node);
  const order = new Set<GraphNode>();
  const place = (node: GraphNode): void => {
    if (order.has(node)) return;
    // Chains of late nodes are short: everything else was placed in its turn.
    for (const input of valueInputs(node)) place(input);
    order.add(node);
  };
  for (const node of needed) if (!late.has(node)) place(node);
  for (const node of needed) place(node);
  return [...order];
}
