import { shapeSize } from '../../../graph/infer-shape.ts';
import type { DType, Shape } from '../../../graph/types.ts';
import type { GpuDevice } from '../kernel-device.ts';
import type { Lowered } from '../lowering/lowering.ts';
import { computeStrides } from '../row-major.ts';
import { elementProgram } from './program.ts';

/** WGSL statements that turn `index` into one coordinate per axis: `c0`, `c1`, …; reads `uniforms.o0`, ….  */
export function coordinates(rank: number): string {
  if (rank === 0) return '';
  const lines = ['var rest = index;'];
  for (let axis = 0; axis < rank - 1; axis++) {
    lines.push(`let c${axis} = rest / uniforms.o${axis}; rest = rest - c${axis} * uniforms.o${axis};`);
  }
  return [...lines, `let c${rank - 1} = rest;`].join('\n  ');
}

/** The strides that `coordinates` reads, for an output of this shape. */
export function coordinateUniforms(output: Shape): Record<string, number> {
  return Object.fromEntries(
    computeStrides(output)
      .slice(0, -1)
      .map((stride, axis) => [`o${axis}`, stride]),
  );
}

/**
 * out[c0, c1, …] = x[offset + c0 strides[0] + c1 strides[1] + …]: slices, transpositions and broadcasts are all this.
 */
export function stridedCopy(
  gpu: GpuDevice,
  output: Shape,
  strides: readonly number[],
  offset: number,
  dtype: DType,
): Lowered['run'] {
  const terms = output.map((_dim, axis) => `c${axis} * uniforms.s${axis}`);
  return gpu.prepare(
    elementProgram({
      inputs: { x: dtype },
      dtype,
      size: shapeSize(output),
      uniforms: {
        ...coordinateUniforms(output),
        ...Object.fromEntries(strides.map((stride, axis) => [`s${axis}`, stride])),
        offset,
      },
      body: `${coordinates(output.length)}
  result[index] = x[${['uniforms.offset', ...terms].join(' + ')}];`,
    }),
  );
}
