import type { SliceCotangent } from './slice-cotangents.ts';
import type { GraphNode, OpName } from './types.ts';

/** What an op passes back to one input: a cotangent (its shape broadcasts to the input's) or that of a part of it. */
export type Contribution = GraphNode | SliceCotangent;

/**
 * Vector-Jacobian product of one op: from the cotangent of `node` (broadcastable to its shape) to those of its inputs,
 * by position. `wanted[i]` says whether input i needs one; `undefined` stands for zero.
 */
export type Vjp<Op extends OpName> = (
  node: GraphNode<Op>,
  cotangent: GraphNode,
  wanted: readonly boolean[],
) => readonly (Contribution | undefined)[];

/** Marks an op through which no derivative passes (integer, boolean or piecewise constant values, leaves). */
export const NOT_DIFFERENTIABLE = 'not differentiable';

export type VjpTable<Op extends OpName> = { readonly [K in Op]: Vjp<K> | typeof NOT_DIFFERENTIABLE };

export function isSlice(contribution: Contribution): contribution is SliceCotangent {
  return 'begin' in contribution;
}

/** Input `index` of `node`, which shape inference has shown to exist. */
export function inputOf(node: GraphNode, index: number): GraphNode {
  const input = node.inputs[index];
  if (input === undefined) throw new Error(`${node.op}: missing input ${index}`);
  return input;
}
