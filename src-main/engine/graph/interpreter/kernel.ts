import type { GraphNode, OpName } from '../types.ts';

/**
 * Evaluates one op in float64: row-major values of the inputs -> those of the output. int32 values are whole numbers,
 * bool values 0 or 1.
 */
export type Kernel<Op extends OpName> = (node: GraphNode<Op>, inputs: readonly Float64Array[]) => Float64Array;

export type KernelTable<Op extends OpName> = { readonly [K in Op]: Kernel<K> };

export function valuesOf(inputs: readonly Float64Array[], index: number): Float64Array {
  const values = inputs[index];
  if (values === undefined) throw new Error(`missing input ${index}`);
  return values;
}
