import { shapeSize } from '../../../graph/infer-shape.ts';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { reductionRuns } from '../collapse-shapes.ts';
import type { ReductionRun } from '../collapse-shapes.ts';
import type { GpuDevice, HostDevice } from '../kernel-device.ts';
import { hostKernel, inputOf, ownKernel, tensorAt } from '../lowering/lowering.ts';
import type { Lowered, Lowering } from '../lowering/lowering.ts';
import { elementProgram, rowProgram, THREADS } from '../wgsl/program.ts';

type Reduction = 'sum' | 'max';

/**
 * One run of axes at a time in JavaScript. Sums are kept in float64: TF.js's wasm kernel adds one float32 after the
 * other, which loses four digits over a whole model's gradient.
 */
function hostReduce(host: HostDevice, kind: Reduction, { outer, reduced, inner }: ReductionRun): Lowered['run'] {
  const start = kind === 'sum' ? 0 : Number.NEGATIVE_INFINITY;
  if (inner === 1) {
    return hostKernel(host, [outer], 'float32', ([x], out) => {
      if (x === undefined) return;
      let from = 0;
      for (let o = 0; o < outer; o++) {
        let total = start;
        const end = from + reduced;
        if (kind === 'sum') for (; from < end; from++) total += x[from] ?? 0;
        else for (; from < end; from++) total = Math.max(total, x[from] ?? 0);
        out[o] = total;
      }
    });
  }
  const totals = new Float64Array(inner);
  return hostKernel(host, [outer * inner], 'float32', ([x], out) => {
    if (x === undefined) return;
    let from = 0;
    for (let o = 0; o < outer; o++) {
      totals.fill(start);
      for (let r = 0; r < reduced; r++) {
        if (kind === 'sum') for (let i = 0; i < inner; i++) totals[i] = (totals[i] ?? 0) + (x[from + i] ?? 0);
        else for (let i = 0; i < inner; i++) totals[i] = Math.max(totals[i] ?? 0, x[from + i] ?? 0);
        from += inner;
      }
      out.set(totals, o * inner);
    }
  });
}

/** Above this, one workgroup per sum would leave the device idle: sums are taken in two levels. */
const CHUNK = 4096;
/** Up to this many terms, a thread of its own per result beats sharing them. */
const SHORT = 64;

const START = { sum: '0.0', max: '-3.4028234e38' } as const;
const combine = (kind: Reduction): string => (kind === 'sum' ? 'value + x[at]' : 'max(value, x[at])');

/** [rows, width] -> [rows] (the last row may be shorter than the others), a workgroup per row. */
function gpuRows(gpu: GpuDevice, kind: Reduction, rows: number, width: number, total: number): Lowered['run'] {
  return gpu.prepare(
    rowProgram({
      inputs: { x: 'float32' },
      dtype: 'float32',
      size: rows,
      rows,
      uniforms: { width, total },
      body: `var value = ${START[kind]};
  let end = min((row + 1) * uniforms.width, uniforms.total);
  for (var at = row * uniforms.width + lane; at < end; at = at + ${THREADS}) { value = ${combine(kind)}; }
  let all = ${kind === 'sum' ? 'reduceSum' : 'reduceMax'}(lane, value);
  if (isRow && lane == 0) { result[row] = all; }`,
    }),
  );
}

/** [outer, reduced, inner] -> [outer, chunks, inner], a thread per result. */
function gpuColumns(gpu: GpuDevice, kind: Reduction, run: ReductionRun, chunks: number): Lowered['run'] {
  const { outer, reduced, inner } = run;
  return gpu.prepare(
    elementProgram({
      inputs: { x: 'float32' },
      dtype: 'float32',
      size: outer * chunks * inner,
      uniforms: { chunks, per: Math.ceil(reduced / chunks), reduced, inner },
      body: `let column = index % uniforms.inner;
  let chunk = (index / uniforms.inner) % uniforms.chunks;
  let o = index / (uniforms.inner * uniforms.chunks);
  var value = ${START[kind]};
  let end = min((chunk + 1) * uniforms.per, uniforms.reduced);
  for (var r = chunk * uniforms.per; r < end; r = r + 1) {
    let at = (o * uniforms.reduced + r) * uniforms.inner + column;
    value = ${combine(kind)};
  }
  result[index] = value;`,
    }),
  );
}

function gpuReduce(gpu: GpuDevice, kind: Reduction, run: ReductionRun): Lowered['run'][] {
  const { outer, reduced, inner } = run;
  if (reduced <= SHORT) return [gpuColumns(gpu, kind, run, 1)];
  if (inner === 1) {
    if (outer > 1 || reduced <= CHUNK) return [gpuRows(gpu, kind, outer, reduced, outer * reduced)];
    const parts = Math.ceil(reduced / CHUNK);
    return [gpuRows(gpu, kind, parts, CHUNK, reduced), ...gpuReduce(gpu, kind, { outer: 1, reduced: parts, inner: 1 })];
  }
  const chunks = Math.ceil(reduced / (SHORT / 2));
  return [gpuColumns(gpu, kind, run, chunks), ...gpuReduce(gpu, kind, { outer, reduced: chunks, inner })];
}

/** Sum and max over any axes; TF.js would first transpose so that the axes come last. */
export function reduceKernel<Op extends Reduction>(kind: Op): Lowering<Op> {
  return (node, device) => {
    const { shape } = inputOf(node, 0);
    const runs = reductionRuns(shape, node.attributes.axes);
    const view = [shapeSize(shape)];
    if (runs.length === 0) return { views: [view], run: (inputs) => device.share(tensorAt(inputs, 0)) };
    return ownKernel(device, [view], {
      host: (host) =>
        inSequence(
          host,
          runs.map((run) => hostReduce(host, kind, run)),
        ),
      gpu: (gpu) =>
        inSequence(
          gpu,
          runs.flatMap((run) => gpuReduce(gpu, kind, run)),
        ),
    });
  };
}

/** Each kernel on the result of the one before, whose tensor is freed. */
function inSequence(device: HostDevice | GpuDevice, kernels: readonly Lowered['run'][]): Lowered['run'] {
  return (inputs) => {
    let value: TensorInfo = tensorAt(inputs, 0);
    let owned = false;
    for (const kernel of kernels) {
      const next = kernel([value]);
      if (owned) device.free(value);
      value = next;
      owned = true;
    }
    return value;
  };
}
