import { shapeSize } from '../../graph/infer-shape.ts';
import type { GraphNode } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';
import { valueInputs } from '../../graph/needed-nodes.ts';

/** Elements from which a pass over memory costs more than what is around it could save. */
const LARGE = 1 << 20;
/** Sums of fewer rows than this are not cut by the compiler: it computes what they add up again for each of them. */
const UNCUT_ROWS = 32;
const UNCUT_FROM_ELEMENTS = 1 << 18;

const isCrossEntropy = (node: GraphNode): boolean =>
  isOp(node, 'sparseCrossEntropy') || isOp(node, 'sparseCrossEntropyGrad');

/** Places in a tensor are int32. */
const PLACES = 2 ** 31;

/** Large logits [R, V] whose softmax the library computes row by row in the caches; compiled, it is nine passes over them. */
export const hasLibraryEntropy = ({ shape }: GraphNode): boolean =>
  shapeSize(shape) >= LARGE && shapeSize(shape) < PLACES;

/** x of a large sum(x^2): compiled, the squares are written to memory. */
export function squaredOf(node: GraphNode): GraphNode | undefined {
  const [square] = node.inputs;
  if (!isOp(node, 'sum') || node.shape.length > 0 || square === undefined || !isOp(square, 'square')) return undefined;
  const [x] = square.inputs;
  return x !== undefined && shapeSize(x.shape) >= LARGE ? x : undefined;
}

/** What an op outside of clusters reads: of a sum of squares, what is squared. */
export function readByLibrary(node: GraphNode): readonly GraphNode[] {
  const squared = squaredOf(node);
  return squared === undefined ? valueInputs(node) : [squared];
}

/** A sum of a few large rows: where they are in memory anyway, it should read them there. */
export function isShortSum(node: GraphNode): node is GraphNode<'sum'> {
  const [x] = node.inputs;
  if (!isOp(node, 'sum') || x === undefined || shapeSize(x.shape) < UNCUT_FROM_ELEMENTS) return false;
  const isLeading = node.attributes.axes.every((axis, i) => axis === i);
  return isLeading && shapeSize(node.shape) * UNCUT_ROWS > shapeSize(x.shape);
}

/** Whether a node's own kernel in TensorFlow passes over memory less often than compiled code. */
export function isLibraryPass(node: GraphNode): boolean {
  const [first] = node.inputs;
  return isCrossEntropy(node) ? first !== undefined && hasLibraryEntropy(first) : squaredOf(node) !== undefined;
}
