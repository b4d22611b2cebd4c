import { shapeSize } from '../graph/infer-shape.ts';
import { add, exp, logSoftmax, matmul, mul, neg, reshape, sub, sum, withGradient } from '../graph/ops.ts';
import type { GraphNode, MatmulPrecision } from '../graph/types.ts';
import { overRows } from '../model/linear.ts';
import type { CrossEntropy } from './linear-cross-entropy.ts';

export interface SoftLinearCrossEntropyInput {
  /** [...C, R, D] */
  readonly hidden: GraphNode;
  /** [...C, V, D] */
  readonly weight: GraphNode;
  /** [...C, V] */
  readonly bias: GraphNode;
  /** Target probabilities, [...C, R, V]; every row sums to 1. */
  readonly targets: GraphNode;
  /** Weight of each row in the loss, float32 [C*R]; 0 at ignored rows. */
  readonly rowWeights: GraphNode;
  readonly precision: MatmulPrecision;
}

/**
 * sum_r -w_r * sum_v t_rv log softmax(hidden_r W^T + b)_v, with its gradient attached to all five inputs.
 * The reference divides by the sum of the unmasked targets, which are softmax outputs: a count, whose derivative is 0.
 */
export function softLinearCrossEntropy(input: SoftLinearCrossEntropyInput): CrossEntropy {
  const { hidden, weight, bias, targets, rowWeights, precision } = input;
  const logits = add(matmul(hidden, weight, { transposeB: true, precision }), overRows(bias)); // [...C, R, V]
  const logProbabilities = logSoftmax(logits);
  const perRow = neg(reshape(sum(mul(targets, logProbabilities), -1), [shapeSize(rowWeights.shape)]));
  const gradLogits = sub(exp(logProbabilities), targets);
  const scale = reshape(rowWeights, [...hidden.shape.slice(0, -1), 1]); // [...C, R, 1]
  const gradients = [
    mul(scale, matmul(gradLogits, weight, { precision })),
    matmul(gradLogits, mul(scale, hidden), { transposeA: true, precision }),
    reshape(matmul(scale, gradLogits, { transposeA: true }), bias.shape),
    mul(neg(scale), logProbabilities),
    perRow,
  ];
  return {
    loss: withGradient(sum(mul(perRow, rowWeights)), [hidden, weight, bias, targets, rowWeights], gradients),
    perRow,
  };
}
