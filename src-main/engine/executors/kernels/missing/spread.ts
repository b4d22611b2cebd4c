import { collapseBroadcast } from '../collapse-shapes.ts';
import { hostKernel, inputOf, ownKernel, tensorAt } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { broadcastStrides, computeStrides } from '../row-major.ts';
import { stridedCopy } from '../wgsl/strided-copy.ts';

/** `broadcastTo`, which no backend has as a kernel. */
export const spreadKernel: Lowering<'broadcastTo'> = (node, device) => {
  const { inputs: views, output } = collapseBroadcast([inputOf(node, 0).shape], node.shape);
  const [view = []] = views;
  if (view.length === output.length && view.every((dim, axis) => dim === output[axis])) {
    return { views, run: (inputs) => device.share(tensorAt(inputs, 0)) };
  }
  return ownKernel(device, views, {
    host: (host) => {
      const sizes = computeStrides(output);
      const strides = broadcastStrides(view, output);
      const inner = output.at(-1) ?? 1;
      const isFill = (strides.at(-1) ?? 0) === 0;
      return hostKernel(host, output, node.dtype, ([x], out) => {
        if (x === undefined) return;
        for (let start = 0; start < out.length; start += inner) {
          let offset = 0;
          let rest = start;
          for (let axis = 0; axis < output.length - 1; axis++) {
            const coordinate = Math.floor(rest / (sizes[axis] ?? 1));
            rest -= coordinate * (sizes[axis] ?? 1);
            offset += coordinate * (strides[axis] ?? 0);
          }
          if (isFill) out.fill(x[offset] ?? 0, start, start + inner);
          else out.set(x.subarray(offset, offset + inner), start);
        }
      });
    },
    gpu: (gpu) => stridedCopy(gpu, output, broadcastStrides(view, output), 0, node.dtype),
  });
};
