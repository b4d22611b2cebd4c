import * as ops from './ops.ts';
import type { GraphNode, MatmulPrecision } from './types.ts';

export interface AttendOptions {
  /** Added to the scores (it carries no derivative): a large negative number at keys that must not be seen. */
  readonly scoreBias?: GraphNode | undefined;
  /** Multiplied with the weights (it carries no derivative): a dropout mask. */
  readonly weightMask?: ((weights: GraphNode) => GraphNode) | undefined;
  readonly precision?: MatmulPrecision;
}

/**
 * softmax(Q K^T + bias) V for scaled queries Q, keys and values [...B, S, Dh], with the derivative in closed form: with
 * P the weights, M the mask, O the result and c its cotangent, the scores' cotangent is P M (c V^T) - P rowsum(c O),
 * because the row sums that softmax's derivative needs are those of c O (Dao et al. 2022, FlashAttention): two passes
 * fewer over [S, S].
 */
export function attend(query: GraphNode, key: GraphNode, value: GraphNode, options: AttendOptions = {}): GraphNode {
  const { scoreBias, weightMask, precision = 'float32' } = options;
  const scores = ops.matmul(query, key, { transposeB: true, precision });
  const weights = ops.softmax(scoreBias ? ops.add(scores, scoreBias) : scores);
  const masked = weightMask ? weightMask(weights) : weights;
  return ops.withDerivative(ops.matmul(masked, value, { precision }), [query, key, value], (c, mixed) => {
    const ofMasked = ops.mul(masked, ops.matmul(c, value, { transposeB: true, precision }));
    const rowSums = ops.sum(ops.mul(c, mixed), -1, true);
    const ofScores = ops.sub(ofMasked, ops.mul(weights, rowSums));
    return [
      ops.matmul(ofScores, key, { precision }),
      ops.matmul(ofScores, query, { transposeA: true, precision }),
      ops.matmul(masked, c, { transposeA: true, precision }),
    ];
  });
}
