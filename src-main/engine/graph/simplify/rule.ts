import { sameShape, shapeSize } from '../infer-shape.ts';
import { isOp } from '../types.ts';
import type { DType, GraphNode, OpName, Shape } from '../types.ts';

/** A node about to be made. */
export type Candidate<Op extends OpName> = Omit<GraphNode<Op>, 'id'>;

/**
 * A cheaper node of the same shape, dtype and value, or undefined. Rules look a few nodes deep and may only make nodes
 * that are nearer to a form no rule applies to, so that rewriting ends.
 */
export type Rule<Op extends OpName> = (candidate: Candidate<Op>) => GraphNode | undefined;

export type RuleTable = { readonly [Op in OpName]?: readonly Rule<Op>[] };

/** The number that fills a constant, or undefined. */
export function fillOf(node: GraphNode): number | undefined {
  return isOp(node, 'constant') && node.attributes.values.length === 1 ? node.attributes.values[0] : undefined;
}

export const isFilledWith = (node: GraphNode, value: number): boolean => fillOf(node) === value;

export function filled(beside: Candidate<OpName>, value: number, shape: Shape, dtype: DType): GraphNode {
  return beside.graph.apply('constant', [], { values: [value], shape, dtype });
}

/** `node` as the value of `candidate`: broadcast to its shape where it is smaller. */
export function as(candidate: Candidate<OpName>, node: GraphNode): GraphNode {
  if (sameShape(node.shape, candidate.shape)) return node;
  return candidate.graph.apply('broadcastTo', [node], { shape: candidate.shape });
}

export const isSingle = (node: GraphNode): boolean => shapeSize(node.shape) === 1;

/** Input `index` of a candidate, which shape inference has shown to exist. */
export function operand(candidate: Candidate<OpName>, index: number): GraphNode {
  const input = candidate.inputs[index];
  if (input === undefined) throw new Error(`${candidate.op}: missing input ${index}`);
  return input;
}
