import type { Shape } from '../../graph/types.ts';

/** Elements between neighbours along each axis. */
export function computeStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}

/** Strides of `shape` read as `output`: 0 along the axes on which it is spread. */
export function broadcastStrides(shape: Shape, output: Shape): number[] {
  const own = computeStrides(shape);
  const lead = output.length - shape.length;
  return output.map((_dim, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : (own[axis - lead] ?? 0)));
}
