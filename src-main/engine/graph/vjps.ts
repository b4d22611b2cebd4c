/** The vector-Jacobian product of every op. Each is made of graph ops, so derivatives of any order are exact. */
import { isConstantAlong, spread } from './cotangent.ts';
import * as ops from './ops.ts';
import type { GraphNode, OpName } from './types.ts';
import { inputOf, NOT_DIFFERENTIABLE } from './vjp.ts';
import type { VjpTable } from './vjp.ts';
import { ELEMENTWISE_VJPS } from './vjps-elementwise.ts';
import { STRUCTURE_VJPS } from './vjps-structure.ts';

/** p * (c - sum(p * c)) over the last axis: the Jacobian of softmax (symmetric) times c. */
function softmaxProduct(p: GraphNode, c: GraphNode): GraphNode {
  return ops.mul(p, ops.sub(c, ops.sum(ops.mul(p, c), -1, true)));
}

export const VJPS: VjpTable<OpName> = {
  ...ELEMENTWISE_VJPS,
  ...STRUCTURE_VJPS,
  input: NOT_DIFFERENTIABLE,
  variable: NOT_DIFFERENTIABLE,
  constant: NOT_DIFFERENTIABLE,
  stopGradient: NOT_DIFFERENTIABLE,
  randomUniform: NOT_DIFFERENTIABLE,
  after: (_node, c) => [c],
  // The value's own dependence on anything is replaced by what is given.
  withGradient: (node, c) => {
    const { count, derivative } = node.attributes;
    if (derivative) return [undefined, ...derivative(spread(c, node.shape), node)];
    const given = Array.from({ length: count }, (_, i) => ops.mul(c, inputOf(node, 1 + count + i)));
    return [undefined, ...given];
  },
  // y = A' B' with A' = A or A^T: dA' = c B'^T, dB' = A'^T c; the flags absorb every transposition.
  matmul: (node, cotangent, wanted) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const { transposeA, transposeB, precision } = node.attributes;
    const c = spread(cotangent, node.shape);
    const toA = (): GraphNode =>
      transposeA
        ? ops.matmul(b, c, { transposeA: transposeB, transposeB: true, precision })
        : ops.matmul(c, b, { transposeB: !transposeB, precision });
    const toB = (): GraphNode =>
      transposeB
        ? ops.matmul(c, a, { transposeA: true, transposeB: transposeA, precision })
        : ops.matmul(a, c, { transposeA: !transposeA, precision });
    return [wanted[0] ? toA() : undefined, wanted[1] ? toB() : undefined];
  },
  softmax: (node, c) => [isConstantAlong(c, node.shape, node.shape.length - 1) ? undefined : softmaxProduct(node, c)],
  logSoftmax: (node, c) => [ops.sub(c, ops.mul(ops.exp(node), ops.sum(spread(c, node.shape), -1, true)))],
  sparseCrossEntropy: (node, c) => {
    const [logits, labels] = [inputOf(node, 0), inputOf(node, 1)];
    const perRow = c.shape.length === 0 ? c : ops.reshape(c, [...c.shape, 1]);
    return [ops.mul(ops.sparseCrossEntropyGrad(logits, labels), perRow)];
  },
  sparseCrossEntropyGrad: (node, c) => {
    if (isConstantAlong(c, node.shape, 1)) return [undefined];
    return [softmaxProduct(ops.softmax(inputOf(node, 0)), c)];
  },
};
