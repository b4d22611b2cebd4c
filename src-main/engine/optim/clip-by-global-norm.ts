import { add, div, minimum, mul, sqrt, square, sum } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';

/** Keeps the scale finite at a zero norm, as PyTorch's clip_grad_norm_ does. */
const EPSILON = 1e-6;

export interface Clipped {
  /** gradient * min(1, maxNorm / (norm + 1e-6)) */
  readonly gradient: GraphNode;
  /** The norm before clipping, a scalar. */
  readonly norm: GraphNode;
}

/** Euclidean norm of a flat vector. */
export const globalNorm = (flat: GraphNode): GraphNode => sqrt(sum(square(flat)));

/** min(1, maxNorm / (norm + 1e-6)), for any shape of norms. */
export const clipScale = (norm: GraphNode, maxNorm: number): GraphNode => minimum(div(maxNorm, add(norm, EPSILON)), 1);

/** Scales a flat gradient [P] down to Euclidean norm `maxNorm` where it is longer. */
export function clipByGlobalNorm(gradient: GraphNode, maxNorm: number): Clipped {
  const norm = globalNorm(gradient);
  return { gradient: mul(gradient, clipScale(norm, maxNorm)), norm };
}
