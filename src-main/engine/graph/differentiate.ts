import type { GraphNode } from './types.ts';

/**
 * d `y` / d `x` for each x of `xs`, as graph nodes (zeros where y does not depend on x). `y` must be a scalar, or
 * `cotangent` (its shape) given. Stops at the xs: contributions through a node in `xs` to other xs still count.
 */
export function gradients(_y: GraphNode, _xs: readonly GraphNode[], _cotangent?: GraphNode): GraphNode[] {
  throw new Error('being written');
}
