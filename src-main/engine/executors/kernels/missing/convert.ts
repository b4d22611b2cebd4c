import type { TensorInfo } from '@tensorflow/tfjs-core';
import { shapeSize } from '../../../graph/infer-shape.ts';
import type { Shape } from '../../../graph/types.ts';
import type { KernelDevice } from '../kernel-device.ts';
import { hostKernel, inputOf, onHost, ownKernel, tensorAt } from '../lowering/lowering.ts';
import type { Lowered, Lowering } from '../lowering/lowering.ts';
import { elementProgram } from '../wgsl/program.ts';

/** Conversion between float32 (truncating), int32 and bool. */
export const castKernel: Lowering<'cast'> = (node, device) => {
  const { dtype } = node.attributes;
  const view = [shapeSize(node.shape)];
  if (inputOf(node, 0).dtype === dtype) return { views: [view], run: (inputs) => device.share(tensorAt(inputs, 0)) };
  return { views: [view], run: hostKernel(onHost(device), view, dtype, ([x], out) => x && out.set(x)) };
};

/**
 * A float32 tensor's values rounded to bfloat16 (nearest, ties to even) and kept as float32: products of such operands
 * summed in float32 are what bfloat16 matrix hardware computes. NaN stays NaN.
 */
export function roundBfloat16(device: KernelDevice, shape: Shape): (input: TensorInfo) => TensorInfo {
  const lowered: Lowered = ownKernel(device, [shape], {
    host: (host) =>
      hostKernel(host, shape, 'float32', ([x], out) => {
        if (x === undefined) return;
        const bits = new Uint32Array(x.buffer, x.byteOffset, x.length);
        const rounded = new Uint32Array(out.buffer, out.byteOffset, out.length);
        for (let i = 0; i < bits.length; i++) {
          const word = bits[i] ?? 0;
          const isNan = (word & 0x7fffffff) > 0x7f800000;
          rounded[i] = isNan ? word : (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
        }
      }),
    gpu: (gpu) =>
      gpu.prepare(
        elementProgram({
          inputs: { x: 'float32' },
          dtype: 'float32',
          size: shapeSize(shape),
          body: `let word = bitcast<u32>(x[index]);
  let isNan = (word & 0x7fffffffu) > 0x7f800000u;
  let rounded = (word + 0x7fffu + ((word >> 16u) & 1u)) & 0xffff0000u;
  result[index] = bitcast<f32>(select(rounded, word, isNan));`,
        }),
      ),
  });
  return (input) => lowered.run([input]);
}
