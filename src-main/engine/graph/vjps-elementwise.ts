/** Vector-Jacobian products of the elementwise ops (with broadcasting, where the op broadcasts). */
import { reduceTo } from './cotangent.ts';
import * as ops from './ops.ts';
import type { GraphNode, OpName } from './types.ts';
import { inputOf, NOT_DIFFERENTIABLE } from './vjp.ts';
import type { Vjp, VjpTable } from './vjp.ts';

/** From the two partial cotangents (in any shape that broadcasts to the output's) to those of a and b. */
function binary<Op extends OpName>(
  partials: (a: GraphNode, b: GraphNode, cotangent: GraphNode, node: GraphNode) => [() => GraphNode, () => GraphNode],
): Vjp<Op> {
  return (node, cotangent, wanted) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const [toA, toB] = partials(a, b, cotangent, node);
    return [
      wanted[0] ? reduceTo(toA(), node.shape, a.shape) : undefined,
      wanted[1] ? reduceTo(toB(), node.shape, b.shape) : undefined,
    ];
  };
}

function unary<Op extends OpName>(partial: (cotangent: GraphNode, x: GraphNode, y: GraphNode) => GraphNode): Vjp<Op> {
  return (node, cotangent) => [partial(cotangent, inputOf(node, 0), node)];
}

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

type ElementwiseOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'maximum'
  | 'minimum'
  | 'floorDiv'
  | 'mod'
  | 'equal'
  | 'less'
  | 'lessEqual'
  | 'logicalAnd'
  | 'logicalOr'
  | 'logicalNot'
  | 'select'
  | 'neg'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'rsqrt'
  | 'square'
  | 'abs'
  | 'erf'
  | 'tanh'
  | 'floor'
  | 'cast';

export const ELEMENTWISE_VJPS: VjpTable<ElementwiseOp> = {
  add: binary((_a, _b, c) => [() => c, () => c]),
  sub: binary((_a, _b, c) => [() => c, () => ops.neg(c)]),
  mul: binary((a, b, c) => [() => ops.mul(c, b), () => ops.mul(c, a)]),
  div: binary((_a, b, c, y) => [() => ops.div(c, b), () => ops.neg(ops.mul(ops.div(c, b), y))]),
  // Where both are equal, all of the gradient goes to b, so that ReLU as maximum(x, 0) has derivative 0 at 0 as usual.
  maximum: binary((a, b, c) => [() => ops.select(ops.less(b, a), c, 0), () => ops.select(ops.less(b, a), 0, c)]),
  minimum: binary((a, b, c) => [() => ops.select(ops.less(a, b), c, 0), () => ops.select(ops.less(a, b), 0, c)]),
  select: (node, c, wanted) => {
    const [condition, a, b] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
    return [
      undefined,
      wanted[1] ? reduceTo(ops.select(condition, c, 0), node.shape, a.shape) : undefined,
      wanted[2] ? reduceTo(ops.select(condition, 0, c), node.shape, b.shape) : undefined,
    ];
  },
  neg: unary((c) => ops.neg(c)),
  exp: unary((c, _x, y) => ops.mul(c, y)),
  log: unary((c, x) => ops.div(c, x)),
  sqrt: unary((c, _x, y) => ops.div(ops.mul(c, 0.5), y)),
  rsqrt: unary((c, _x, y) => ops.mul(c, ops.mul(ops.mul(y, -0.5), ops.square(y)))),
  square: unary((c, x) => ops.mul(ops.mul(c, 2), x)),
  // 0 at 0.
  abs: unary((c, x) => ops.select(ops.less(0, x), c, ops.select(ops.less(x, 0), ops.neg(c), 0))),
  erf: unary((c, x) => ops.mul(c, ops.mul(ops.exp(ops.neg(ops.square(x))), TWO_OVER_ROOT_PI))),
  tanh: unary((c, _x, y) => ops.mul(c, ops.sub(1, ops.square(y)))),
  cast: (node, c) => [node.dtype === 'float32' && inputOf(node, 0).dtype === 'float32' ? c : undefined],
  floorDiv: NOT_DIFFERENTIABLE,
  mod: NOT_DIFFERENTIABLE,
  equal: NOT_DIFFERENTIABLE,
  less: NOT_DIFFERENTIABLE,
  lessEqual: NOT_DIFFERENTIABLE,
  logicalAnd: NOT_DIFFERENTIABLE,
  logicalOr: NOT_DIFFERENTIABLE,
  logicalNot: NOT_DIFFERENTIABLE,
  floor: NOT_DIFFERENTIABLE,
};
