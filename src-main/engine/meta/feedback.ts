import { div, lessEqual, logicalAnd, mul, select, sqrt, square, sum } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { globalNorm } from '../optim/clip-by-global-norm.ts';

export interface Feedback {
  /** <displacement, queryGradient> */
  readonly unscaled: GraphNode;
  /** The cosine of the two; NaN where one of them is 0. */
  readonly h: GraphNode;
  /** h where it is in [-1, 1], else 0: what weighs the teacher's gradient. */
  readonly used: GraphNode;
}

/** How much a student step helped: the cosine between its displacement and the gradient of the query loss, both [P]. */
export function feedback(displacement: GraphNode, queryGradient: GraphNode): Feedback {
  const unscaled = sum(mul(displacement, queryGradient));
  return { unscaled, ...cosine(unscaled, globalNorm(displacement), globalNorm(queryGradient)) };
}

/** The same for C micro-batches side by side: both [C, P], results [C]. */
export function groupedFeedback(displacement: GraphNode, queryGradient: GraphNode): Feedback {
  const norm = (rows: GraphNode): GraphNode => sqrt(sum(square(rows), 1));
  const unscaled = sum(mul(displacement, queryGradient), 1);
  return { unscaled, ...cosine(unscaled, norm(displacement), norm(queryGradient)) };
}

function cosine(unscaled: GraphNode, normA: GraphNode, normB: GraphNode): Pick<Feedback, 'h' | 'used'> {
  const h = div(unscaled, mul(normA, normB));
  // Comparisons with NaN are false, so NaN is skipped with the values that rounding put outside [-1, 1].
  const used = select(logicalAnd(lessEqual(-1, h), lessEqual(h, 1)), h, 0);
  return { h, used };
}
