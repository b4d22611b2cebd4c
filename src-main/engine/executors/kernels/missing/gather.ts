import { shapeSize } from '../../../graph/infer-shape.ts';
import { hostKernel, inputOf } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { elementProgram } from '../wgsl/program.ts';

/** Rows by index. On hosts a copy per row: TF.js's wasm kernel copies all ids out of the module first. */
export const gatherKernel: Lowering<'gather'> = (node, device) => {
  const [params, ids] = [inputOf(node, 0), inputOf(node, 1)];
  const rows = params.shape[0] ?? 0;
  const width = shapeSize(params.shape.slice(1));
  const count = shapeSize(ids.shape);
  const views = [[rows, width], [count]];
  if (device.kind === 'gpu') {
    const program = elementProgram({
      inputs: { params: node.dtype, ids: 'int32' },
      dtype: node.dtype,
      size: count * width,
      uniforms: { width },
      body: 'result[index] = params[ids[index / uniforms.width] * uniforms.width + index % uniforms.width];',
    });
    return { views, run: device.prepare(program) };
  }
  const run = hostKernel(device, [count, width], node.dtype, ([table, index], out) => {
    if (!table || !index) return;
    for (let k = 0; k < count; k++) {
      const row = index[k] ?? 0;
      if (row < 0 || row >= rows) throw new Error(`gather: id ${row} is not in [0, ${rows})`);
      out.set(table.subarray(row * width, (row + 1) * width), k * width);
    }
  });
  return { views, run };
};
