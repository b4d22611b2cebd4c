import type { DType, GraphHandle, GraphNode, OpAttributes, OpName, Shape } from './types.ts';

/** A cheaper node equal to `op(inputs)`, or undefined when there is none. */
export function simplify<Op extends OpName>(
  _graph: GraphHandle,
  _op: Op,
  _inputs: readonly GraphNode[],
  _attributes: OpAttributes[Op],
  _shape: Shape,
  _dtype: DType,
): GraphNode | undefined {
  return undefined;
}
