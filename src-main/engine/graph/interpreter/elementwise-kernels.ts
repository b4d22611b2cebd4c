import { inputOf } from '../vjp.ts';
import type { OpName } from '../types.ts';
import { erf } from './erf.ts';
import { broadcast } from './indexing.ts';
import { valuesOf } from './kernel.ts';
import type { Kernel, KernelTable } from './kernel.ts';

function unary<Op extends OpName>(f: (x: number) => number): Kernel<Op> {
  return (_node, inputs) => valuesOf(inputs, 0).map(f);
}

function binary<Op extends OpName>(f: (a: number, b: number) => number): Kernel<Op> {
  return (node, inputs) => {
    const a = broadcast(valuesOf(inputs, 0), inputOf(node, 0).shape, node.shape);
    const b = broadcast(valuesOf(inputs, 1), inputOf(node, 1).shape, node.shape);
    return a.map((value, i) => f(value, b[i] ?? 0));
  };
}

const identity = unary<OpName>((x) => x);

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
  | 'cast'
  | 'stopGradient'
  | 'after'
  | 'withGradient';

export const ELEMENTWISE_KERNELS: KernelTable<ElementwiseOp> = {
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  div: binary((a, b) => a / b),
  maximum: binary(Math.max),
  minimum: binary(Math.min),
  floorDiv: binary((a, b) => Math.floor(a / b)),
  mod: binary((a, b) => a - b * Math.floor(a / b)),
  equal: binary((a, b) => Number(a === b)),
  less: binary((a, b) => Number(a < b)),
  lessEqual: binary((a, b) => Number(a <= b)),
  logicalAnd: binary((a, b) => a * b),
  logicalOr: binary(Math.max),
  logicalNot: unary((a) => 1 - a),
  select: (node, inputs) => {
    const [condition, a, b] = [0, 1, 2].map((i) => broadcast(valuesOf(inputs, i), inputOf(node, i).shape, node.shape));
    if (!condition || !a || !b) throw new Error('select: missing input');
    return condition.map((chosen, i) => (chosen ? (a[i] ?? 0) : (b[i] ?? 0)));
  },
  neg: unary((x) => -x),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  rsqrt: unary((x) => 1 / Math.sqrt(x)),
  square: unary((x) => x * x),
  abs: unary(Math.abs),
  erf: unary(erf),
  tanh: unary(Math.tanh),
  floor: unary(Math.floor),
  cast: (node, inputs) => (node.dtype === 'int32' ? valuesOf(inputs, 0).map(Math.trunc) : valuesOf(inputs, 0)),
  stopGradient: identity,
  after: identity,
  withGradient: identity,
};
