import { collapseBroadcast } from '../collapse-shapes.ts';
import { hostKernel, inputOf, onHost } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { broadcastStrides, computeStrides } from '../row-major.ts';

/** `select` with broadcasting of all three inputs, which TF.js's Select lacks. */
export const selectKernel: Lowering<'select'> = (node, device) => {
  const shapes = [0, 1, 2].map((i) => inputOf(node, i).shape);
  const { inputs: views, output } = collapseBroadcast(shapes, node.shape);
  const sizes = computeStrides(output);
  const strides = views.map((view) => broadcastStrides(view, output));
  const run = hostKernel(onHost(device), output, node.dtype, ([c, a, b], out) => {
    if (!c || !a || !b) return;
    const [cs = [], as = [], bs = []] = strides;
    const inner = output.at(-1) ?? 1;
    const [ci = 0, ai = 0, bi = 0] = [cs.at(-1), as.at(-1), bs.at(-1)];
    for (let start = 0; start < out.length; start += inner) {
      let [co, ao, bo] = [0, 0, 0];
      let rest = start;
      for (let axis = 0; axis < output.length - 1; axis++) {
        const size = sizes[axis] ?? 1;
        const coordinate = Math.floor(rest / size);
        rest -= coordinate * size;
        co += coordinate * (cs[axis] ?? 0);
        ao += coordinate * (as[axis] ?? 0);
        bo += coordinate * (bs[axis] ?? 0);
      }
      for (let i = 0; i < inner; i++) {
        out[start + i] = (c[co + i * ci] ?? 0) !== 0 ? (a[ao + i * ai] ?? 0) : (b[bo + i * bi] ?? 0);
      }
    }
  });
  return { views, run };
};
