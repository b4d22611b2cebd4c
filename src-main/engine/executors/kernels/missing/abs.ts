import { shapeSize } from '../../../graph/infer-shape.ts';
import { hostKernel, onHost } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';

/** |x|; TF.js's cpu kernel hands its result to the engine's bookkeeping, which would keep it for ever. */
export const absKernel: Lowering<'abs'> = (node, device) => {
  const view = [shapeSize(node.shape)];
  const run = hostKernel(onHost(device), view, 'float32', ([x], out) => {
    if (x === undefined) return;
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i] ?? 0);
  });
  return { views: [view], run };
};
