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
  /** wasm: what remains to be done to softmax(x), in place. TF.js's SIMD softmax is six times as fast as a loop here. */
  readonly fromSoftmax?: (probabilities: HostValues, labels: HostValues | undefined, width: number) => void;
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

function onSoftmax(
  host: HostDevice,
  shape: readonly [number, number],
  finish: NonNullable<RowKernel['fromSoftmax']>,
): Lowered['run'] {
  return (inputs) => {
    const out = host.call('Softmax', { logits: tensorAt(inputs, 0) }, { dim: 1 });
    try {
      finish(host.view({ ...out, shape: [...shape] }), inputs[1] && host.view(inputs[1]), shape[1]);
    } catch (error) {
      host.free(out);
      throw error;
    }
    return out;
  };
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
        host.name === 'wasm' && kernel.fromSoftmax
          ? onSoftmax(host, [rows, width], kernel.fromSoftmax)
          : hostKernel(host, outShape, 'float32', ([x, labels], out) => {
              if (x === undefined) return;
              for (let row = 0; row < rows; row++) {
                const { largest, sum } = largestAndSum(x, row * width, (row + 1) * width);
                const label = labels?.[row] ?? 0;
                if (label < 0 || label >= width) throw new Error(`${node.op}: label ${label} is not in [0, ${width})`);
                kernel.host(x, out, row, width, largest, sum, label);
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
  gpu: '(logits[at] - largest) - log(total)',
});

export const crossEntropyKernel: Lowering<'sparseCrossEntropy'> = rowKernel({
  hasLabels: true,
  isScalarPerRow: true,
  host: (x, out, row, width, largest, sum, label) => {
    out[row] = Math.log(sum) - ((x[row * width + label] ?? 0) - largest);
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
  fromSoftmax: (probabilities, labels, width) => {
    labels?.forEach((label, row) => {
      if (label < 0 || label >= width)
        throw new Error(`sparseCrossEntropyGrad: label ${label} is not in [0, ${width})`);
      const at = row * width + label;
      probabilities[at] = (probabilities[at] ?? 0) - 1;
    });
  },
  gpu: 'exp(logits[at] - largest) / total - select(0.0, 1.0, column == label)',
});
