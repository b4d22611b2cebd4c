import { add, matmul, reshape } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import type { ModelContext } from './model-context.ts';

/** A per-feature vector [D] (or [C, D]) shaped to be broadcast over the rows of [...C, R, D]. */
export function overRows(vector: GraphNode): GraphNode {
  const [first, second] = vector.shape;
  if (first === undefined || second === undefined) return vector;
  return reshape(vector, [first, 1, second]);
}

/** x W^T + b with `weight` [out, in]: [...C, R, in] -> [...C, R, out]. */
export function affine(context: ModelContext, x: GraphNode, weight: GraphNode, bias: GraphNode): GraphNode {
  return add(matmul(x, weight, { transposeB: true, precision: context.precision }), overRows(bias));
}

/** The Linear layer `name`. */
export function linear(context: ModelContext, x: GraphNode, name: string): GraphNode {
  const { parameters } = context;
  return affine(context, x, parameters.get(`${name}.weight`), parameters.get(`${name}.bias`));
}
