import { shapeSize } from '../infer-shape.ts';
import type { Shape } from '../types.ts';

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] ?? 1) * (shape[i + 1] ?? 1);
  return strides;
}

/**
 * For each element of `shape` in row-major order: `offset` + the sum of coordinate x stride. With the strides of
 * another array (0 on a broadcast axis, permuted, …) it lists where that array's elements are read.
 */
export function walk(shape: Shape, strides: readonly number[], offset = 0): Int32Array {
  let indices = Int32Array.of(offset);
  for (let axis = 0; axis < shape.length; axis++) {
    const dim = shape[axis] ?? 1;
    const stride = strides[axis] ?? 0;
    const next = new Int32Array(indices.length * dim);
    for (let i = 0; i < indices.length; i++) {
      for (let k = 0; k < dim; k++) next[i * dim + k] = (indices[i] ?? 0) + k * stride;
    }
    indices = next;
  }
  return indices;
}

/** Where an array of shape `from` is read when it is broadcast to `to`. */
export function broadcastIndices(from: Shape, to: Shape): Int32Array {
  const strides = stridesOf(from);
  const lead = to.length - from.length;
  return walk(
    to,
    to.map((_dim, i) => (i < lead || from[i - lead] === 1 ? 0 : (strides[i - lead] ?? 0))),
  );
}

/** `data` read at `indices`. */
export function take(data: Float64Array, indices: Int32Array): Float64Array {
  return Float64Array.from(indices, (index) => data[index] ?? 0);
}

/** `data` of shape `from`, broadcast to `to`. */
export function broadcast(data: Float64Array, from: Shape, to: Shape): Float64Array {
  if (shapeSize(from) === shapeSize(to)) return data;
  return take(data, broadcastIndices(from, to));
}
