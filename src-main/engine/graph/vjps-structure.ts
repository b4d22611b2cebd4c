/** Vector-Jacobian products of reductions and of the ops that move elements without computing. */
import { isConstantAlong, reduceTo, spread, withRank } from './cotangent.ts';
import { shapeSize } from './infer-shape.ts';
import * as ops from './ops.ts';
import type { GraphNode, Shape } from './types.ts';
import { inputOf, NOT_DIFFERENTIABLE } from './vjp.ts';
import type { VjpTable } from './vjp.ts';

/** The cotangent of a reduction over `axes` without kept dimensions, with those dimensions put back as ones. */
function withReducedAxes(cotangent: GraphNode, node: GraphNode, axes: readonly number[], keepDims: boolean): GraphNode {
  if (keepDims || cotangent.shape.length === 0) return cotangent;
  const aligned = withRank(cotangent, node.shape.length);
  const rank = inputOf(node, 0).shape.length;
  let next = 0;
  const shape = Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : (aligned.shape[next++] ?? 1)));
  return ops.reshape(aligned, shape);
}

/** `cotangent` of a part [begin, begin + size) along `axis`; other axes may be constant. */
function partAlong(cotangent: GraphNode, shape: Shape, axis: number, begin: number, size: number): GraphNode {
  if (isConstantAlong(cotangent, shape, axis)) return cotangent;
  const own = axis - (shape.length - cotangent.shape.length);
  return ops.slice(
    cotangent,
    cotangent.shape.map((_dim, i) => (i === own ? begin : 0)),
    cotangent.shape.map((dim, i) => (i === own ? size : dim)),
  );
}

type StructureOp =
  | 'sum'
  | 'max'
  | 'argMax'
  | 'reshape'
  | 'transpose'
  | 'broadcastTo'
  | 'slice'
  | 'pad'
  | 'concat'
  | 'gather'
  | 'segmentSum'
  | 'oneHot';

export const STRUCTURE_VJPS: VjpTable<StructureOp> = {
  sum: (node, c) => [withReducedAxes(c, node, node.attributes.axes, node.attributes.keepDims)],
  // Shared equally between equal maxima.
  max: (node, c) => {
    const x = inputOf(node, 0);
    const { axes, keepDims } = node.attributes;
    const maximum = keepDims ? node : ops.max(x, axes, true);
    const isMaximum = ops.cast(ops.equal(x, maximum), 'float32');
    const share = ops.div(withReducedAxes(c, node, axes, keepDims), ops.sum(isMaximum, axes, true));
    return [ops.mul(isMaximum, share)];
  },
  reshape: (node, c) => {
    const x = inputOf(node, 0);
    if (shapeSize(c.shape) === 1) return [ops.reshape(c, [])];
    return [ops.reshape(spread(c, node.shape), x.shape)];
  },
  transpose: (node, c) => {
    const { perm } = node.attributes;
    if (c.shape.length === 0) return [c];
    const inverse = perm.map((_axis, i) => perm.indexOf(i));
    return [ops.transpose(withRank(c, perm.length), inverse)];
  },
  broadcastTo: (node, c) => [reduceTo(c, node.shape, inputOf(node, 0).shape)],
  slice: (node, c) => [{ begin: node.attributes.begin, size: node.attributes.size, value: spread(c, node.shape) }],
  pad: (node, c) => {
    if (shapeSize(c.shape) === 1) return [c];
    return [ops.slice(spread(c, node.shape), node.attributes.before, inputOf(node, 0).shape)];
  },
  concat: (node, c, wanted) => {
    const { axis } = node.attributes;
    let begin = 0;
    return node.inputs.map((input, i) => {
      const size = input.shape[axis] ?? 0;
      const part = wanted[i] ? partAlong(c, node.shape, axis, begin, size) : undefined;
      begin += size;
      return part;
    });
  },
  gather: (node, c) => {
    const [params, ids] = [inputOf(node, 0), inputOf(node, 1)];
    return [ops.segmentSum(spread(c, node.shape), ids, params.shape[0] ?? 0)];
  },
  segmentSum: (node, c) => {
    if (shapeSize(c.shape) === 1) return [ops.reshape(c, [])];
    return [ops.gather(spread(c, node.shape), inputOf(node, 1))];
  },
  argMax: NOT_DIFFERENTIABLE,
  oneHot: NOT_DIFFERENTIABLE,
};
