import { shapeSize } from '../infer-shape.ts';
import type { Shape } from '../types.ts';
import { inputOf } from '../vjp.ts';
import { broadcast, stridesOf, take, walk } from './indexing.ts';
import { valuesOf } from './kernel.ts';
import type { Kernel, KernelTable } from './kernel.ts';

/** For each element of `shape`: the position in the reduction of `shape` over `axes`. */
function reducedIndices(shape: Shape, axes: readonly number[]): Int32Array {
  const keptStrides = stridesOf(shape.map((dim, i) => (axes.includes(i) ? 1 : dim)));
  return walk(
    shape,
    keptStrides.map((stride, i) => (axes.includes(i) ? 0 : stride)),
  );
}

function reduction(initial: number, combine: (total: number, value: number) => number): Kernel<'sum' | 'max'> {
  return (node, inputs) => {
    const target = reducedIndices(inputOf(node, 0).shape, node.attributes.axes);
    const out = new Float64Array(shapeSize(node.shape)).fill(initial);
    valuesOf(inputs, 0).forEach((value, i) => {
      const position = target[i] ?? 0;
      out[position] = combine(out[position] ?? initial, value);
    });
    return out;
  };
}

const same: Kernel<'reshape'> = (_node, inputs) => valuesOf(inputs, 0);

/** Writes `values` (shape `size`) into `out` (shape `shape`) at `begin`. */
function place(out: Float64Array, shape: Shape, values: Float64Array, begin: readonly number[], size: Shape): void {
  const strides = stridesOf(shape);
  const offset = begin.reduce((sum, at, i) => sum + at * (strides[i] ?? 0), 0);
  walk(size, strides, offset).forEach((position, i) => {
    out[position] = values[i] ?? 0;
  });
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

export const STRUCTURE_KERNELS: KernelTable<StructureOp> = {
  sum: reduction(0, (total, value) => total + value),
  max: reduction(-Infinity, Math.max),
  argMax: (node, inputs) => {
    const { shape } = inputOf(node, 0);
    const { axis } = node.attributes;
    const target = reducedIndices(shape, [axis]);
    const stride = stridesOf(shape)[axis] ?? 1;
    const out = new Float64Array(shapeSize(node.shape));
    const best = new Float64Array(out.length).fill(-Infinity);
    valuesOf(inputs, 0).forEach((value, i) => {
      const position = target[i] ?? 0;
      if (value > (best[position] ?? 0)) {
        best[position] = value;
        out[position] = Math.floor(i / stride) % (shape[axis] ?? 1);
      }
    });
    return out;
  },
  reshape: same,
  transpose: (node, inputs) => {
    const strides = stridesOf(inputOf(node, 0).shape);
    const permuted = node.attributes.perm.map((axis) => strides[axis] ?? 1);
    return take(valuesOf(inputs, 0), walk(node.shape, permuted));
  },
  broadcastTo: (node, inputs) => broadcast(valuesOf(inputs, 0), inputOf(node, 0).shape, node.shape),
  slice: (node, inputs) => {
    const strides = stridesOf(inputOf(node, 0).shape);
    const offset = node.attributes.begin.reduce((sum, at, i) => sum + at * (strides[i] ?? 0), 0);
    return take(valuesOf(inputs, 0), walk(node.shape, strides, offset));
  },
  pad: (node, inputs) => {
    const out = new Float64Array(shapeSize(node.shape));
    place(out, node.shape, valuesOf(inputs, 0), node.attributes.before, inputOf(node, 0).shape);
    return out;
  },
  concat: (node, inputs) => {
    const out = new Float64Array(shapeSize(node.shape));
    const { axis } = node.attributes;
    let begin = 0;
    node.inputs.forEach((input, i) => {
      const at = node.shape.map((_dim, k) => (k === axis ? begin : 0));
      place(out, node.shape, valuesOf(inputs, i), at, input.shape);
      begin += input.shape[axis] ?? 0;
    });
    return out;
  },
  gather: (node, inputs) => {
    const [rows = 0, ...rest] = inputOf(node, 0).shape;
    const width = shapeSize(rest);
    const [params, ids] = [valuesOf(inputs, 0), valuesOf(inputs, 1)];
    const out = new Float64Array(ids.length * width);
    ids.forEach((id, i) => {
      if (!(id >= 0 && id < rows)) throw new Error(`gather: id ${id} is not in [0, ${rows})`);
      out.set(params.subarray(id * width, (id + 1) * width), i * width);
    });
    return out;
  },
  segmentSum: (node, inputs) => {
    const { segments } = node.attributes;
    const out = new Float64Array(shapeSize(node.shape));
    const [data, ids] = [valuesOf(inputs, 0), valuesOf(inputs, 1)];
    const width = segments === 0 ? 0 : out.length / segments;
    ids.forEach((id, i) => {
      if (!(id >= 0 && id < segments)) throw new Error(`segmentSum: id ${id} is not in [0, ${segments})`);
      for (let k = 0; k < width; k++) out[id * width + k] = (out[id * width + k] ?? 0) + (data[i * width + k] ?? 0);
    });
    return out;
  },
  // An id outside [0, depth) gives a row of zeros, as everywhere.
  oneHot: (node, inputs) => {
    const { depth } = node.attributes;
    const out = new Float64Array(shapeSize(node.shape));
    valuesOf(inputs, 0).forEach((id, i) => {
      if (id >= 0 && id < depth) out[i * depth + id] = 1;
    });
    return out;
  },
};
