/**
 * Softmax and cross-entropies over the last axis, one pass of reads per row where TF.js needs several kernels (and has
 * none for logSoftmax and the cross-entropies). Exponentials are of x - max(x), so nothing overflows.
 */
import { shapeSize } from '../../../graph/infer-shape.ts';
import type { OpName, Shape } from '../../../graph/types.ts';
import type { HostDevice, HostValues } from '../kernel-device.ts';
import { hostKernel, inputOf, ownKernel, tensorAt } from '../lowering/lowering.ts';
import type { Lowered, Lowering } from '../lowering/lowering.ts';
import { rowProgram, shortRowProgram, THREADS } from '../wgsl/program.ts';

/** Rows up to this width are handled by one thread each. */
const SHORT = 64;

interface RowKernel {
  readonly hasLabels: boolean;
  /** Whether the result has one value per row, or the row's width. */
  readonly isScalarPerRow: boolean;
  /** Writes row `row` of `width`, given its largest logit and the sum of exp(x - largest). */
  host(x: HostValues, out: HostValues, row: number, width: number, largest: number, sum: number, label: number): void;
  /**
   * wasm: row `row` of the result from p = softmax(x), which may be written to. TF.js's SIMD softmax is six times as
   * fast as a loop here. log(sum(exp(x))) = max(x) - log(max(p)) is exact enough: max(p) is at least 1 / width.
   */
  readonly fromSoftmax: (
    x: HostValues,
    p: HostValues,
    out: HostValues,
    row: number,
    width: number,
    label: number,
  ) => void;
  /** WGSL statements per element: `x`, `largest`, `total`, `column`, `label`, `at` -> `value`. */
  readonly gpu: string;
}

function largestAndSum(x: HostValues, from: number, end: number): { largest: number; sum: number } {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = from; i < end; i++) largest = Math.max(largest, x[i] ?? 0);
  let sum = 0;
  for (let i = from; i < end; i++) sum += Math.exp((x[i] ?? 0) - largest);
  return { largest, sum };
}

/** log(sum(exp(x))) of one row, given p = softmax(x). */
function logSumExp(x: HostValues, p: HostValues, from: number, width: number): number {
  let best = from;
  for (let i = from + 1; i < from + width; i++) if ((x[i] ?? 0) > (x[best] ?? 0)) best = i;
  return (x[best] ?? 0) - Math.log(p[best] ?? 1);
}

/** All rows by way of TF.js's softmax, whose tensor becomes the result where the shape is the same. */
function bySoftmax(host: HostDevice, kernel: RowKernel, rows: number, width: number): Lowered['run'] {
  return (inputs) => {
    const softmax = host.call('Softmax', { logits: tensorAt(inputs, 0) }, { dim: 1 });
    const out = kernel.isScalarPerRow ? host.allocate([rows], 'float32') : softmax;
    const [x, p, result] = [tensorAt(inputs, 0), { ...softmax, shape: [rows, width] }, out].map((t) => host.view(t));
    const labels = inputs[1] && host.view(inputs[1]);
    try {
      if (!x || !p || !result) throw new Error('unreachable');
      for (let row = 0; row < rows; row++)
        kernel.fromSoftmax(x, p, result, row, width, checkedLabel(labels, row, width));
    } catch (error) {
      host.free(out);
      throw error;
    } finally {
      if (kernel.isScalarPerRow) host.free(softmax);
    }
    return out;
  };
}

function checkedLabel(labels: HostValues | undefined, row: number, width: number): number {
  const label = labels?.[row] ?? 0;
  if (label < 0 || label >= width) throw new Error(`label ${label} is not in [0, ${width})`);
  return label;
}

function gpuBody(kernel: RowKernel, threads: number): string {
  const write = kernel.isScalarPerRow
    ? `if (isRow && lane == 0) { let at = row * width + clamp(label, 0, width - 1); let value = ${kernel.gpu}; result[row] = value; }`
    : `for (var column = lane; isRow && column < width; column = column + ${threads}) {
        let at = row * width + column;
        let value = ${kernel.gpu};
        result[at] = value;
      }`;
  return `let width = uniforms.width;
      ${kernel.hasLabels ? 'let label = labels[row];' : ''}
      var own = -3.4028234e38;
      for (var column = lane; column < width; column = column + ${threads}) { own = max(own, logits[row * width + column]); }
      let largest = reduceMax(lane, own);
      var part = 0.0;
      for (var column = lane; column < width; column = column + ${threads}) { part = part + exp(logits[row * width + column] - largest); }
      let total = reduceSum(lane, part);
      ${write}`;
}

function rowKernel<Op extends OpName>(kernel: RowKernel): Lowering<Op> {
  return (node, device) => {
    const { shape } = inputOf(node, 0);
    const width = shape.at(-1) ?? 1;
    const rows = shapeSize(shape) / width;
    const views: Shape[] = kernel.hasLabels ? [[rows, width], [rows]] : [[rows, width]];
    const outShape = kernel.isScalarPerRow ? [rows] : [rows, width];
    return ownKernel(device, views, {
      host: (host) =>
        host.name === 'wasm'
          ? bySoftmax(host, kernel, rows, width)
          : hostKernel(host, outShape, 'float32', ([x, labels], out) => {
              if (x === undefined) return;
              for (let row = 0; row < rows; row++) {
                const { largest, sum } = largestAndSum(x, row * width, (row + 1) * width);
                kernel.host(x, out, row, width, largest, sum, checkedLabel(labels, row, width));
              }
            }),
      gpu: (gpu) => {
        const make = width <= SHORT ? shortRowProgram : rowProgram;
        return gpu.prepare(
          make({
            inputs: kernel.hasLabels ? { logits: 'float32', labels: 'int32' } : { logits: 'float32' },
            dtype: 'float32',
            size: shapeSize(outShape),
            rows,
            uniforms: { width },
            body: gpuBody(kernel, width <= SHORT ? 1 : THREADS),
          }),
        );
      },
    });
  };
}

export const softmaxKernel: Lowering<'softmax'> = rowKernel({
  hasLabels: false,
  isScalarPerRow: false,
  host: (x, out, row, width, largest, sum) => {
    const scale = 1 / sum;
    for (let i = row * width; i < (row + 1) * width; i++) out[i] = Math.exp((x[i] ?? 0) - largest) * scale;
  },
  fromSoftmax: () => undefined,
  gpu: 'exp(logits[at] - largest) / total',
});

export const logSoftmaxKernel: Lowering<'logSoftmax'> = rowKernel({
  hasLabels: false,
  isScalarPerRow: false,
  host: (x, out, row, width, largest, sum) => {
    const shift = largest + Math.log(sum);
    for (let i = row * width; i < (row + 1) * width; i++) out[i] = (x[i] ?? 0) - shift;
  },
  fromSoftmax: (x, p, _out, row, width) => {
    const shift = logSumExp(x, p, row * width, width);
    for (let i = row * width; i < (row + 1) * width; i++) p[i] = (x[i] ?? 0) - shift;
  },
  gpu: '(logits[at] - largest) - log(total)',
});

export const crossEntropyKernel: Lowering<'sparseCrossEntropy'> = rowKernel({
  hasLabels: true,
  isScalarPerRow: true,
  host: (x, out, row, width, largest, sum, label) => {
    out[row] = Math.log(sum) - ((x[row * width + label] ?? 0) - largest);
  },
  fromSoftmax: (x, p, out, row, width, label) => {
    out[row] = logSumExp(x, p, row * width, width) - (x[row * width + label] ?? 0);
  },
  gpu: 'log(total) - (logits[at] - largest)',
});

export const crossEntropyGradKernel: Lowering<'sparseCrossEntropyGrad'> = rowKernel({
  hasLabels: true,
  isScalarPerRow: false,
  host: (x, out, row, width, largest, sum, label) => {
    const scale = 1 / sum;
    for (let i = row * width; i < (row + 1) * width; i++) out[i] = Math.exp((x[i] ?? 0) - largest) * scale;
    out[row * width + label] = (out[row * width + label] ?? 0) - 1;
  },
  fromSoftmax: (_x, p, _out, row, width, label) => {
    p[row * width + label] = (p[row * width + label] ?? 0) - 1;
  },
  gpu: 'exp(logits[at] - largest) / total - select(0.0, 1.0, column == label)',
});
