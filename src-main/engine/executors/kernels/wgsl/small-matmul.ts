import type { GpuDevice } from '../kernel-device.ts';
import type { Lowered } from '../lowering/lowering.ts';
import type { ProductShape } from '../missing/wasm-matmul.ts';
import { elementProgram } from './program.ts';

/** Multiplications up to which a plain loop per thread is at least as fast as TF.js's tiles with barriers. */
const SMALL = 2 ** 23;
/** TF.js's limits for cutting the inner dimension into pieces that are added by atomics. */
const ATOMIC_INNER = 2000;
const ATOMIC_TILES = 32;

/**
 * Whether our kernel is to be taken: for small products, and for those that TF.js would add up by atomics, in another
 * order each time, so that a resumed run would not repeat bit for bit.
 */
export function isSmallProduct({ batch, m, k, n }: ProductShape): boolean {
  const tiles = Math.ceil(m / 32) * Math.ceil(n / 32);
  const isAtomic = batch === 1 && k >= ATOMIC_INNER && tiles <= ATOMIC_TILES;
  return isAtomic || batch * m * n * k <= SMALL;
}

/** Columns that one thread computes where there are enough of them. */
const BLOCK = 4;

/**
 * A batched product with the inner loop in one thread per row and block of columns: always the same order of additions.
 */
export function smallMatmul(gpu: GpuDevice, shape: ProductShape): Lowered['run'] {
  const { batch, m, k, n, transposeA, transposeB } = shape;
  const block = n % BLOCK === 0 || n >= 8 * BLOCK ? BLOCK : 1;
  const each = (line: (i: number) => string): string =>
    Array.from({ length: block }, (_unused, i) => line(i)).join('\n  ');
  const threads = batch * m * Math.ceil(n / block);
  const program = elementProgram({
    inputs: { a: 'float32', b: 'float32' },
    dtype: 'float32',
    size: threads,
    uniforms: {
      m,
      k,
      n,
      blocks: Math.ceil(n / block),
      aRow: transposeA ? 1 : k,
      aStep: transposeA ? m : 1,
      bColumn: transposeB ? k : 1,
      bStep: transposeB ? 1 : n,
    },
    body: `let column = (index % uniforms.blocks) * ${block};
  let row = (index / uniforms.blocks) % uniforms.m;
  let matrix = index / (uniforms.blocks * uniforms.m);
  var i = matrix * uniforms.m * uniforms.k + row * uniforms.aRow;
  let j = matrix * uniforms.k * uniforms.n;
  ${each((c) => `var j${c} = j + min(column + ${c}, uniforms.n - 1) * uniforms.bColumn; var total${c} = 0.0;`)}
  for (var step = 0; step < uniforms.k; step = step + 1) {
    let left = a[i];
    ${each((c) => `total${c} = total${c} + left * b[j${c}]; j${c} = j${c} + uniforms.bStep;`)}
    i = i + uniforms.aStep;
  }
  let at = (matrix * uniforms.m + row) * uniforms.n + column;
  ${each((c) => (c === 0 ? 'result[at] = total0;' : `if (column + ${c} < uniforms.n) { result[at + ${c}] = total${c}; }`))}`,
  });
  return gpu.prepare({ ...program, size: batch * m * n });
}
