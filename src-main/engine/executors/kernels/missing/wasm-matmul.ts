import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { HostDevice, HostValues } from '../kernel-device.ts';

/** [B, M, K] x [B, K, N] -> [B, M, N] with the operands' last two axes stored transposed where a flag says so. */
export interface ProductShape {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Multiplications per product below which TF.js's slow loop beats what it takes to prepare the fast one. */
const WORTH_PREPARING = 40_000;

const TILE = 16;

/** Writes [rows, columns] from `from` on as [columns, rows]. */
function transposeInto(out: HostValues, x: HostValues, from: number, rows: number, columns: number): void {
  for (let r0 = 0; r0 < rows; r0 += TILE) {
    const r1 = Math.min(r0 + TILE, rows);
    for (let c = 0; c < columns; c++) {
      for (let r = r0; r < r1; r++) out[c * rows + r] = x[from + r * columns + c] ?? 0;
    }
  }
}

/** Matrix `index` of a batch, as [rows, columns] whatever way it is stored. */
function matrixOf(
  host: HostDevice,
  operand: TensorInfo,
  index: number,
  rows: number,
  columns: number,
  isTransposed: boolean,
): TensorInfo {
  const matrix = host.allocate([1, rows, columns], 'float32');
  const [x, out] = [host.view(operand), host.view(matrix)];
  const from = index * rows * columns;
  if (isTransposed) transposeInto(out, x, from, columns, rows);
  else out.set(x.subarray(from, from + rows * columns));
  return matrix;
}

/** One row times a matrix [K, N]: packing the matrix for XNNPACK would cost more than the product. */
function rowTimesMatrix(host: HostDevice, k: number, n: number): (a: TensorInfo, b: TensorInfo) => TensorInfo {
  const totals = new Float64Array(n);
  return (a, b) => {
    const product = host.allocate([1, 1, n], 'float32');
    const [row, matrix] = [host.view(a), host.view(b)];
    totals.fill(0);
    for (let step = 0, at = 0; step < k; step++) {
      const factor = row[step] ?? 0;
      for (let i = 0; i < n; i++, at++) totals[i] = (totals[i] ?? 0) + factor * (matrix[at] ?? 0);
    }
    host.view(product).set(totals);
    return product;
  };
}

/**
 * TF.js's wasm kernel hands only one untransposed product at a time to XNNPACK and computes everything else by a scalar
 * loop, 10 to 40 times slower. So operands are brought into that form, one matrix of the batch after the other.
 */
export function wasmMatmul(host: HostDevice, shape: ProductShape): (a: TensorInfo, b: TensorInfo) => TensorInfo {
  const { batch, m, k, n, transposeA, transposeB } = shape;
  const multiply = (
    a: TensorInfo,
    b: TensorInfo,
    attributes: { transposeA: boolean; transposeB: boolean },
  ): TensorInfo => host.call('BatchMatMul', { a, b }, attributes);
  if (batch === 1 && m === 1 && !transposeB) return rowTimesMatrix(host, k, n);
  const isPlain = batch === 1 && !transposeA && !transposeB;
  if (isPlain || m * k * n < WORTH_PREPARING) return (a, b) => multiply(a, b, { transposeA, transposeB });
  const one = (a: TensorInfo, b: TensorInfo, index: number): TensorInfo => {
    const left = transposeA || batch > 1 ? matrixOf(host, a, index, m, k, transposeA) : host.share(a);
    const right = transposeB || batch > 1 ? matrixOf(host, b, index, k, n, transposeB) : host.share(b);
    const product = multiply(left, right, { transposeA: false, transposeB: false });
    host.free(left);
    host.free(right);
    return product;
  };
  if (batch === 1) return (a, b) => one(a, b, 0);
  return (a, b) => {
    const out = host.allocate([batch, m, n], 'float32');
    for (let index = 0; index < batch; index++) {
      const product = one(a, b, index);
      host.view(out).set(host.view({ ...product, shape: [m, n] }), index * m * n);
      host.free(product);
    }
    return out;
  };
}
