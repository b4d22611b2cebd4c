import { shapeSize } from '../../graph/infer-shape.ts';
import type { DType, Shape } from '../../graph/types.ts';
import type { TensorData } from '../executor.ts';

/** A named value inside a packed vector. */
export interface PackedEntry {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly offset: number;
  readonly length: number;
}

/** All values of one element type that cross the border in one call, one after the other. */
export interface Packing {
  readonly type: 'float32' | 'int32';
  readonly entries: readonly PackedEntry[];
  readonly length: number;
}

interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** bool values travel as int32. */
export const borderType = (dtype: DType): 'float32' | 'int32' => (dtype === 'float32' ? 'float32' : 'int32');

/** Offsets are multiples of 64 bytes, so that TensorFlow can share a piece's memory instead of copying it. */
const ALIGNMENT = 16;

/** Lays values out in at most two vectors. */
export function packValues(values: readonly Value[]): Packing[] {
  return (['float32', 'int32'] as const).flatMap((type) => {
    let length = 0;
    const entries = values
      .filter((value) => borderType(value.dtype) === type)
      .map(({ name, shape, dtype }) => {
        const size = shapeSize(shape);
        const entry = { name, shape, dtype, offset: length, length: size };
        length += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
        return entry;
      });
    return entries.length === 0 ? [] : [{ type, entries, length }];
  });
}

export function allocate(type: 'float32' | 'int32', length: number): TensorData {
  return type === 'float32' ? new Float32Array(length) : new Int32Array(length);
}
