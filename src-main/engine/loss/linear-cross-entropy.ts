import { shapeSize } from '../graph/infer-shape.ts';
import {
  add,
  after,
  matmul,
  mul,
  reshape,
  slice,
  sparseCrossEntropy,
  sparseCrossEntropyGrad,
  sum,
  withGradient,
} from '../graph/ops.ts';
import type { GraphNode, MatmulPrecision } from '../graph/types.ts';
import { overRows } from '../model/linear.ts';

export interface CrossEntropy {
  /** Weighted sum of the rows' cross-entropy: a scalar, differentiable to any order. */
  readonly loss: GraphNode;
  /** Cross-entropy of each row, nats, [C*R]; for reporting (it carries no gradient of its own). */
  readonly perRow: GraphNode;
}

export interface LinearCrossEntropyInput {
  /** What the output projection reads, [...C, R, D]. */
  readonly hidden: GraphNode;
  /** [...C, V, D] */
  readonly weight: GraphNode;
  /** [...C, V] */
  readonly bias: GraphNode;
  /** Target ids, int32 [C*R]. */
  readonly labels: GraphNode;
  /** Weight of each row in the loss, float32 [C*R]; 0 where there is no target. */
  readonly rowWeights: GraphNode;
  readonly precision: MatmulPrecision;
  /** At most this many rows' logits exist at a time (ungrouped weights only). */
  readonly chunkRows?: number;
}

interface Part extends CrossEntropy {
  readonly gradHidden: GraphNode;
  readonly gradWeight: GraphNode;
  readonly gradBias: GraphNode;
}

/**
 * Forward and gradient of one chunk. The gradient of the logits, softmax - onehot, is used unweighted: row weights
 * are applied to the [R, D] sides of the products, never to something of size [R, V].
 */
function computePart(input: LinearCrossEntropyInput): Part {
  const { hidden, weight, bias, labels, rowWeights, precision } = input;
  const V = weight.shape.at(-2) ?? 0;
  const rows = shapeSize(labels.shape);
  const logits = add(matmul(hidden, weight, { transposeB: true, precision }), overRows(bias)); // [...C, R, V]
  const flat = reshape(logits, [rows, V]);
  const perRow = sparseCrossEntropy(flat, labels);
  const gradLogits = reshape(sparseCrossEntropyGrad(flat, labels), logits.shape); // [...C, R, V]
  const scale = reshape(rowWeights, [...hidden.shape.slice(0, -1), 1]); // [...C, R, 1]
  return {
    loss: sum(mul(perRow, rowWeights)),
    perRow,
    gradHidden: mul(scale, matmul(gradLogits, weight, { precision })),
    gradWeight: matmul(gradLogits, mul(scale, hidden), { transposeA: true, precision }),
    gradBias: reshape(matmul(scale, gradLogits, { transposeA: true }), bias.shape),
  };
}

/**
 * Weighted softmax cross-entropy of a Linear output layer, sum_r w_r * CE(hidden_r W^T + b, label_r), with its gradient
 * attached to `hidden`, `weight`, `bias` and `rowWeights`, so that the logits are passed over as few times as possible.
 */
export function linearCrossEntropy(input: LinearCrossEntropyInput): CrossEntropy {
  const { hidden, weight, bias, labels, rowWeights, chunkRows } = input;
  const rows = shapeSize(labels.shape);
  if (chunkRows === undefined || chunkRows >= rows || hidden.shape.length !== 2) {
    const { loss, perRow, gradHidden, gradWeight, gradBias } = computePart(input);
    return {
      loss: withGradient(loss, [hidden, weight, bias, rowWeights], [gradHidden, gradWeight, gradBias, perRow]),
      perRow,
    };
  }
  const D = hidden.shape[1] ?? 0;
  const parts: Part[] = [];
  for (let begin = 0; begin < rows; begin += chunkRows) {
    const count = Math.min(chunkRows, rows - begin);
    const previous = parts.at(-1);
    const chunk = slice(hidden, [begin, 0], [count, D]);
    parts.push(
      computePart({
        ...input,
        hidden: previous === undefined ? chunk : after(chunk, [previous.gradHidden, previous.gradWeight]),
        labels: slice(labels, [begin], [count]),
        rowWeights: slice(rowWeights, [begin], [count]),
      }),
    );
  }
  return joinParts(parts, input);
}

function joinParts(parts: readonly Part[], input: LinearCrossEntropyInput): CrossEntropy {
  const { hidden, weight, bias, rowWeights } = input;
  const graph = hidden.graph;
  const joined = (pick: (part: Part) => GraphNode): GraphNode => graph.apply('concat', parts.map(pick), { axis: 0 });
  const total = (pick: (part: Part) => GraphNode): GraphNode =>
    parts.map(pick).reduce((running, next) => add(running, next));
  const perRow = joined((p) => p.perRow);
  const gradients = [joined((p) => p.gradHidden), total((p) => p.gradWeight), total((p) => p.gradBias), perRow];
  return {
    loss: withGradient(
      total((p) => p.loss),
      [hidden, weight, bias, rowWeights],
      gradients,
    ),
    perRow,
  };
}
