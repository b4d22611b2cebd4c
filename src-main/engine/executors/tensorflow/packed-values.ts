import { shapeSize } from '../../graph/infer-shape.ts';
import type { DType, Shape } from '../../graph/types.ts';
import type { TensorData } from '../executor.ts';

/** A named value inside a packed vector. */
export interface PackedEntry {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** In words of 32 bits, as `length`. */
  readonly offset: number;
  readonly length: number;
}

/**
 * All values that cross the border in one call, one after the other in a vector of 32-bit words. To TensorFlow it is of
 * float32; integers keep their bits, and bool values travel as int32.
 */
export interface Packing {
  readonly entries: readonly PackedEntry[];
  readonly length: number;
}

interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

export const borderType = (dtype: DType): 'float32' | 'int32' => (dtype === 'float32' ? 'float32' : 'int32');

/** Offsets are multiples of 64 bytes, so that TensorFlow can share a piece's memory instead of copying it. */
const ALIGNMENT = 16;

export function packValues(values: readonly Value[]): Packing {
  let length = 0;
  const entries = values.map(({ name, shape, dtype }) => {
    const size = shapeSize(shape);
    const entry = { name, shape, dtype, offset: length, length: size };
    length += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    return entry;
  });
  return { entries, length };
}

export function allocate(type: 'float32' | 'int32', length: number): TensorData {
  return type === 'float32' ? new Float32Array(length) : new Int32Array(length);
}

/** The words of `data`, whichever numbers they are, as TensorFlow is given them. */
export function asWords(data: TensorData): Float32Array {
  return data instanceof Float32Array ? data : new Float32Array(data.buffer, data.byteOffset, data.length);
}

/** The same as integers: a float that is read and written need not keep the bits of what only looks like NaN. */
export function asBits(data: TensorData): Int32Array {
  return data instanceof Int32Array ? data : new Int32Array(data.buffer, data.byteOffset, data.length);
}

/** The `length` words from `offset` on, as the numbers they are, in memory that no other part of `words` shares. */
export function takeWords(words: TensorData, type: 'float32' | 'int32', offset: number, length: number): TensorData {
  if (type === 'float32' && words instanceof Float32Array && length === words.length) return words;
  const from = words.byteOffset + offset * words.BYTES_PER_ELEMENT;
  const bytes = words.buffer.slice(from, from + length * words.BYTES_PER_ELEMENT);
  return type === 'float32' ? new Float32Array(bytes) : new Int32Array(bytes);
}
