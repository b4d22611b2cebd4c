import type { GpuDevice } from '../kernel-device.ts';
import type { Lowered } from '../lowering/lowering.ts';
import type { ProductShape } from '../missing/wasm-matmul.ts';
import { elementProgram } from './program.ts';

/** Multiplications below which one thread per output element is at least as fast as TF.js's tiles with barriers. */
const SMALL = 2 ** 23;

export const isSmallProduct = ({ batch, m, k, n }: ProductShape): boolean => batch * m * n * k <= SMALL && k <= 1024;

/** A batched product with the inner loop in one thread per output element: always the same order of additions. */
export function smallMatmul(gpu: GpuDevice, shape: ProductShape): Lowered['run'] {
  const { batch, m, k, n, transposeA, transposeB } = shape;
  return gpu.prepare(
    elementProgram({
      inputs: { a: 'float32', b: 'float32' },
      dtype: 'float32',
      size: batch * m * n,
      uniforms: {
        m,
        k,
        n,
        aRow: transposeA ? 1 : k,
        aStep: transposeA ? m : 1,
        bColumn: transposeB ? k : 1,
        bStep: transposeB ? 1 : n,
      },
      body: `let column = index % uniforms.n;
  let row = (index / uniforms.n) % uniforms.m;
  let matrix = index / (uniforms.n * uniforms.m);
  var i = matrix * uniforms.m * uniforms.k + row * uniforms.aRow;
  var j = matrix * uniforms.k * uniforms.n + column * uniforms.bColumn;
  var total = 0.0;
  for (var step = 0; step < uniforms.k; step = step + 1) {
    total = total + a[i] * b[j];
    i = i + uniforms.aStep;
    j = j + uniforms.bStep;
  }
  result[index] = total;`,
    }),
  );
}
