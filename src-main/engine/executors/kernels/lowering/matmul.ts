import type { TensorInfo } from '@tensorflow/tfjs-core';
import { shapeSize } from '../../../graph/infer-shape.ts';
import type { GraphNode, Shape } from '../../../graph/types.ts';
import type { KernelDevice } from '../kernel-device.ts';
import { roundBfloat16 } from '../missing/convert.ts';
import { wasmMatmul } from '../missing/wasm-matmul.ts';
import { isSmallProduct, smallMatmul } from '../wgsl/small-matmul.ts';
import { inputOf, tensorAt } from './lowering.ts';
import type { Lowering } from './lowering.ts';

/** [...B, M, K] as [B, M, K]. */
const asBatch = (shape: Shape): Shape => [shapeSize(shape.slice(0, -2)), shape.at(-2) ?? 1, shape.at(-1) ?? 1];

function multiplier(node: GraphNode<'matmul'>, device: KernelDevice): (a: TensorInfo, b: TensorInfo) => TensorInfo {
  const { transposeA, transposeB } = node.attributes;
  const [batch = 1, m = 1, n = 1] = asBatch(node.shape);
  const k = inputOf(node, 0).shape.at(transposeA ? -2 : -1) ?? 1;
  const product = { batch, m, k, n, transposeA, transposeB };
  if (device.kind === 'host' && device.name === 'wasm') return wasmMatmul(device, product);
  if (device.kind === 'gpu' && isSmallProduct(product)) {
    const run = smallMatmul(device, product);
    return (a, b) => run([a, b]);
  }
  return (a, b) => device.call('BatchMatMul', { a, b }, { transposeA, transposeB });
}

/**
 * TF.js's BatchMatMul. These backends multiply in float32; for bfloat16 the operands are rounded to it first, which
 * gives the numbers of bfloat16 hardware (float32 sums) but none of its speed.
 */
export const matmul: Lowering<'matmul'> = (node, device) => {
  const views = [asBatch(inputOf(node, 0).shape), asBatch(inputOf(node, 1).shape)];
  const multiply = multiplier(node, device);
  if (node.attributes.precision === 'float32') {
    return { views, run: (inputs) => multiply(tensorAt(inputs, 0), tensorAt(inputs, 1)) };
  }
  const rounders = views.map((view) => roundBfloat16(device, view));
  return {
    views,
    run: (inputs) => {
      const [a, b] = rounders.map((round, i) => ({ ...round(tensorAt(inputs, i)), shape: [...(views[i] ?? [])] }));
      if (!a || !b) throw new Error('unreachable');
      const product = multiply(a, b);
      device.free(a);
      device.free(b);
      return product;
    },
  };
};
