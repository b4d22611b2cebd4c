import { shapeSize } from '../../../graph/infer-shape.ts';
import { hostKernel, inputOf, ownKernel } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { elementProgram } from '../wgsl/program.ts';

/** One-hot rows in float32; TF.js's wasm kernel writes integers whatever is asked for. */
export const oneHotKernel: Lowering<'oneHot'> = (node, device) => {
  const { depth } = node.attributes;
  const count = shapeSize(inputOf(node, 0).shape);
  return ownKernel(device, [[count]], {
    host: (host) =>
      hostKernel(host, [count, depth], 'float32', ([ids], out) => {
        out.fill(0);
        ids?.forEach((id, row) => {
          if (id >= 0 && id < depth) out[row * depth + id] = 1;
        });
      }),
    gpu: (gpu) =>
      gpu.prepare(
        elementProgram({
          inputs: { ids: 'int32' },
          dtype: 'float32',
          size: count * depth,
          uniforms: { depth },
          body: 'result[index] = select(0.0, 1.0, ids[index / uniforms.depth] == index % uniforms.depth);',
        }),
      ),
  });
};
