/** Every op in plain float64: the oracle that executors and derivatives are checked against, and constant folding. */
import { philoxUniforms } from '../../random/philox.ts';
import { shapeSize } from '../infer-shape.ts';
import type { GraphNode, OpName } from '../types.ts';
import { inputOf } from '../vjp.ts';
import { ELEMENTWISE_KERNELS } from './elementwise-kernels.ts';
import { valuesOf } from './kernel.ts';
import type { KernelTable } from './kernel.ts';
import { STRUCTURE_KERNELS } from './structure-kernels.ts';

/** Rounds to the nearest bfloat16 (ties to even), as a matrix product of that precision does with its operands. */
function toBfloat16(values: Float64Array): Float64Array {
  const single = Float32Array.from(values);
  const bits = new Uint32Array(single.buffer);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] ?? 0;
    bits[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
  return Float64Array.from(single);
}

/** Row by row over the last axis: `write(row, out)` fills a row of the output. */
function perRow(
  values: Float64Array,
  width: number,
  write: (row: Float64Array, out: Float64Array, index: number) => void,
): Float64Array {
  const out = new Float64Array(values.length);
  for (let start = 0, index = 0; start < values.length; start += width, index++) {
    write(values.subarray(start, start + width), out.subarray(start, start + width), index);
  }
  return out;
}

function logSumExp(row: Float64Array): number {
  const shift = row.reduce((a, b) => Math.max(a, b), -Infinity);
  return shift + Math.log(row.reduce((sum, value) => sum + Math.exp(value - shift), 0));
}

const lastDim = (node: GraphNode): number => node.shape.at(-1) ?? 1;

function softmaxRow(row: Float64Array, out: Float64Array): void {
  const total = logSumExp(row);
  row.forEach((value, i) => {
    out[i] = Math.exp(value - total);
  });
}

function matmul(node: GraphNode<'matmul'>, inputs: readonly Float64Array[]): Float64Array {
  const { transposeA, transposeB, precision } = node.attributes;
  const round = precision === 'bfloat16' ? toBfloat16 : (values: Float64Array): Float64Array => values;
  const [a, b] = [round(valuesOf(inputs, 0)), round(valuesOf(inputs, 1))];
  const [m = 1, n = 1] = node.shape.slice(-2);
  const inner = inputOf(node, 0).shape.at(transposeA ? -2 : -1) ?? 1;
  const [aRow, aColumn] = transposeA ? [1, m] : [inner, 1];
  const [bRow, bColumn] = transposeB ? [1, inner] : [n, 1];
  const out = new Float64Array(shapeSize(node.shape));
  const batches = shapeSize(node.shape.slice(0, -2));
  for (let batch = 0; batch < batches; batch++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let k = 0; k < inner; k++) {
          const left = a[batch * m * inner + i * aRow + k * aColumn] ?? 0;
          total += left * (b[batch * inner * n + k * bRow + j * bColumn] ?? 0);
        }
        out[batch * m * n + i * n + j] = total;
      }
    }
  }
  return out;
}

/** Ops whose value depends on their inputs alone. */
export type ComputedOp = Exclude<OpName, 'input' | 'variable'>;

export const KERNELS: KernelTable<ComputedOp> = {
  ...ELEMENTWISE_KERNELS,
  ...STRUCTURE_KERNELS,
  constant: (node) => {
    const { values } = node.attributes;
    const size = shapeSize(node.shape);
    return values.length === size ? Float64Array.from(values) : new Float64Array(size).fill(values[0] ?? 0);
  },
  matmul,
  softmax: (node, inputs) => perRow(valuesOf(inputs, 0), lastDim(node), softmaxRow),
  logSoftmax: (node, inputs) =>
    perRow(valuesOf(inputs, 0), lastDim(node), (row, out) => {
      const total = logSumExp(row);
      row.forEach((value, i) => {
        out[i] = value - total;
      });
    }),
  sparseCrossEntropy: (node, inputs) => {
    const [logits, labels] = [valuesOf(inputs, 0), valuesOf(inputs, 1)];
    const width = lastDim(inputOf(node, 0));
    return labels.map((label, row) => {
      if (!(label >= 0 && label < width)) throw new Error(`sparseCrossEntropy: label ${label} is not in [0, ${width})`);
      return logSumExp(logits.subarray(row * width, (row + 1) * width)) - (logits[row * width + label] ?? 0);
    });
  },
  sparseCrossEntropyGrad: (node, inputs) => {
    const labels = valuesOf(inputs, 1);
    return perRow(valuesOf(inputs, 0), lastDim(node), (row, out, index) => {
      softmaxRow(row, out);
      const label = labels[index] ?? 0;
      out[label] = (out[label] ?? 0) - 1;
    });
  },
  randomUniform: (node, inputs) => {
    const [key0 = 0, key1 = 0] = valuesOf(inputs, 0);
    const out = new Float32Array(shapeSize(node.shape));
    philoxUniforms(out, key0, key1, node.attributes.stream);
    return Float64Array.from(out);
  },
};

/** Evaluates one op on the values of its inputs. */
export function evaluateOp<Op extends ComputedOp>(node: GraphNode<Op>, inputs: readonly Float64Array[]): Float64Array {
  return KERNELS[node.op](node, inputs);
}
