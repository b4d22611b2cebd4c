import type { OpName } from '../../../graph/types.ts';
import { collapseBroadcast } from '../collapse-shapes.ts';
import { compareKernel } from '../missing/compare.ts';
import { castKernel } from '../missing/convert.ts';
import { absKernel } from '../missing/abs.ts';
import { erfKernel } from '../missing/erf.ts';
import { selectKernel } from '../missing/select.ts';
import { inputOf, tensorAt } from './lowering.ts';
import type { Lowering, LoweringTable } from './lowering.ts';

/** TF.js's kernel for a binary op with broadcasting. */
function binary<Op extends OpName>(kernel: string): Lowering<Op> {
  return (node, device) => ({
    views: collapseBroadcast([inputOf(node, 0).shape, inputOf(node, 1).shape], node.shape).inputs,
    run: (inputs) => device.call(kernel, { a: tensorAt(inputs, 0), b: tensorAt(inputs, 1) }),
  });
}

function unary<Op extends OpName>(kernel: string): Lowering<Op> {
  return (node, device) => ({
    views: [collapseBroadcast([node.shape], node.shape).output],
    run: (inputs) => device.call(kernel, { x: tensorAt(inputs, 0) }),
  });
}

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

export const ELEMENTWISE_LOWERINGS: LoweringTable<ElementwiseOp> = {
  add: binary('Add'),
  sub: binary('Sub'),
  mul: binary('Multiply'),
  div: binary('RealDiv'),
  maximum: binary('Maximum'),
  minimum: binary('Minimum'),
  floorDiv: binary('FloorDiv'),
  mod: binary('Mod'),
  equal: compareKernel('equal'),
  less: compareKernel('less'),
  lessEqual: compareKernel('lessEqual'),
  logicalAnd: binary('LogicalAnd'),
  logicalOr: binary('LogicalOr'),
  logicalNot: unary('LogicalNot'),
  select: selectKernel,
  neg: unary('Neg'),
  exp: unary('Exp'),
  log: unary('Log'),
  sqrt: unary('Sqrt'),
  rsqrt: unary('Rsqrt'),
  square: unary('Square'),
  abs: absKernel,
  erf: erfKernel,
  tanh: unary('Tanh'),
  floor: unary('Floor'),
  cast: castKernel,
};
