import { shapeSize } from '../../../graph/infer-shape.ts';
import type { Shape } from '../../../graph/types.ts';
import { roundBfloat16 } from '../missing/convert.ts';
import { inputOf, tensorAt } from './lowering.ts';
import type { Lowered, Lowering } from './lowering.ts';

/** [...B, M, K] as [B, M, K]. */
const asBatch = (shape: Shape): Shape => [shapeSize(shape.slice(0, -2)), shape.at(-2) ?? 1, shape.at(-1) ?? 1];

/**
 * TF.js's BatchMatMul. These backends multiply in float32; for bfloat16 the operands are rounded to it first, which
 * gives the numbers of bfloat16 hardware (float32 sums) but none of its speed.
 */
export const matmul: Lowering<'matmul'> = (node, device) => {
  const { transposeA, transposeB, precision } = node.attributes;
  const views = [asBatch(inputOf(node, 0).shape), asBatch(inputOf(node, 1).shape)];
  const run: Lowered['run'] = (inputs) =>
    device.call('BatchMatMul', { a: tensorAt(inputs, 0), b: tensorAt(inputs, 1) }, { transposeA, transposeB });
  if (precision === 'float32') return { views, run };
  const rounders = views.map((view) => roundBfloat16(device, view));
  return {
    views,
    run: (inputs) => {
      const rounded = rounders.map((round, i) => ({ ...round(tensorAt(inputs, i)), shape: [...(views[i] ?? [])] }));
      const product = run(rounded);
      for (const tensor of rounded) device.free(tensor);
      return product;
    },
  };
};
