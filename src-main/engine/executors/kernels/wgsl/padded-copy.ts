import { shapeSize } from '../../../graph/infer-shape.ts';
import type { DType, Shape } from '../../../graph/types.ts';
import type { GpuDevice } from '../kernel-device.ts';
import type { Lowered } from '../lowering/lowering.ts';
import { computeStrides } from '../row-major.ts';
import { elementProgram } from './program.ts';
import { coordinates, coordinateUniforms } from './strided-copy.ts';

/** `shape` with zeros before and after each axis. */
export function paddedCopy(
  gpu: GpuDevice,
  shape: Shape,
  paddings: readonly (readonly number[])[],
  dtype: DType,
): Lowered['run'] {
  const output = shape.map((dim, axis) => dim + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
  const inside = shape.map((_dim, axis) => `i${axis} >= 0 && i${axis} < uniforms.d${axis}`);
  const strides = computeStrides(shape);
  const perAxis = (name: string, values: readonly number[]): Record<string, number> =>
    Object.fromEntries(values.map((value, axis) => [`${name}${axis}`, value]));
  return gpu.prepare(
    elementProgram({
      inputs: { x: dtype },
      dtype,
      size: shapeSize(output),
      uniforms: {
        ...coordinateUniforms(output),
        ...perAxis(
          'b',
          paddings.map(([before]) => before ?? 0),
        ),
        ...perAxis('d', shape),
        ...perAxis('s', strides),
      },
      body: `${coordinates(output.length)}
  ${shape.map((_dim, axis) => `let i${axis} = c${axis} - uniforms.b${axis};`).join(' ')}
  var value = ${dtype === 'float32' ? '0.0' : '0'};
  if (${inside.join(' && ')}) { value = x[${shape.map((_dim, axis) => `i${axis} * uniforms.s${axis}`).join(' + ')}]; }
  result[index] = value;`,
    }),
  );
}
