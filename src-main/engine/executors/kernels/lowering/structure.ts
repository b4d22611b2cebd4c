import { shapeSize } from '../../../graph/infer-shape.ts';
import type { Shape } from '../../../graph/types.ts';
import { gatherKernel } from '../missing/gather.ts';
import { oneHotKernel } from '../missing/one-hot.ts';
import { spreadKernel } from '../missing/spread.ts';
import { segmentSumKernel } from '../missing/segment-sum.ts';
import { transposeKernel } from '../missing/transpose.ts';
import { computeStrides } from '../row-major.ts';
import { paddedCopy } from '../wgsl/padded-copy.ts';
import { stridedCopy } from '../wgsl/strided-copy.ts';
import { hostKernel, inputOf, tensorAt } from './lowering.ts';
import type { Lowering, LoweringTable } from './lowering.ts';

/** `shape` as [before, axis, after] sizes. */
function aroundAxis(shape: Shape, axis: number): [number, number, number] {
  return [shapeSize(shape.slice(0, axis)), shape[axis] ?? 1, shapeSize(shape.slice(axis + 1))];
}

/** Neighbouring axes that are taken whole merge with the axis before them; returns groups of axes. */
function wholeAxisGroups(rank: number, isWhole: (axis: number) => boolean): number[][] {
  const groups: number[][] = [];
  for (let axis = 0; axis < rank; axis++) {
    const group = groups.at(-1);
    if (group && isWhole(axis)) group.push(axis);
    else groups.push([axis]);
  }
  return groups;
}

const slice: Lowering<'slice'> = (node, device) => {
  const { begin, size } = node.attributes;
  const from = inputOf(node, 0).shape;
  if (from.every((dim, axis) => dim === size[axis])) {
    return { views: [from], run: (inputs) => device.share(tensorAt(inputs, 0)) };
  }
  // [a, whole, whole] is one axis: begin and size scale with the whole axes' sizes.
  const groups = wholeAxisGroups(from.length, (axis) => size[axis] === from[axis]);
  const product = (dims: readonly number[], group: readonly number[]): number =>
    group.reduce((total, axis) => total * (dims[axis] ?? 1), 1);
  const rest = (group: readonly number[]): number => product(from, group.slice(1));
  const view = groups.map((group) => product(from, group));
  const attributes = {
    begin: groups.map((group) => (begin[group[0] ?? 0] ?? 0) * rest(group)),
    size: groups.map((group) => (size[group[0] ?? 0] ?? 1) * rest(group)),
  };
  if (device.kind === 'gpu') {
    const strides = computeStrides(view);
    const offset = attributes.begin.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 1), 0);
    return { views: [view], run: stridedCopy(device, attributes.size, strides, offset, node.dtype) };
  }
  const [start, length] = [attributes.begin[0] ?? 0, attributes.size[0] ?? 0];
  if (view.length === 1) {
    // Parameters are contiguous parts of one vector.
    const copy = hostKernel(device, attributes.size, node.dtype, ([x], out) => {
      if (x) out.set(x.subarray(start, start + length));
    });
    return { views: [view], run: copy };
  }
  return { views: [view], run: (inputs) => device.call('Slice', { x: tensorAt(inputs, 0) }, attributes) };
};

const pad: Lowering<'pad'> = (node, device) => {
  const { before, after } = node.attributes;
  const from = inputOf(node, 0).shape;
  const groups = wholeAxisGroups(from.length, (axis) => before[axis] === 0 && after[axis] === 0);
  const rest = (group: readonly number[]): number =>
    group.slice(1).reduce((total, axis) => total * (from[axis] ?? 1), 1);
  const view = groups.map((group) => group.reduce((total, axis) => total * (from[axis] ?? 1), 1));
  const paddings = groups.map((group) => {
    const axis = group[0] ?? 0;
    return [(before[axis] ?? 0) * rest(group), (after[axis] ?? 0) * rest(group)];
  });
  if (device.kind === 'gpu') return { views: [view], run: paddedCopy(device, view, paddings, node.dtype) };
  return {
    views: [view],
    run: (inputs) => device.call('PadV2', { x: tensorAt(inputs, 0) }, { paddings, constantValue: 0 }),
  };
};

const concat: Lowering<'concat'> = (node, device) => {
  const { axis } = node.attributes;
  const views = node.inputs.map(({ shape }) => {
    const [before, along, after] = aroundAxis(shape, axis);
    return [before, along * after];
  });
  if (views.length === 1) return { views, run: (inputs) => device.share(tensorAt(inputs, 0)) };
  if (device.kind === 'gpu' && views.every(([before]) => before === 1)) {
    return { views, run: (inputs) => device.join(inputs, node.dtype) };
  }
  return { views, run: (inputs) => device.call('Concat', inputs, { axis: 1 }) };
};

type StructureOp = 'transpose' | 'broadcastTo' | 'slice' | 'pad' | 'concat' | 'gather' | 'segmentSum' | 'oneHot';

export const STRUCTURE_LOWERINGS: LoweringTable<StructureOp> = {
  transpose: transposeKernel,
  broadcastTo: spreadKernel,
  slice,
  pad,
  concat,
  gather: gatherKernel,
  segmentSum: segmentSumKernel,
  oneHot: oneHotKernel,
};
