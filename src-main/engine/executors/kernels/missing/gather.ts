import { shapeSize } from '../../../graph/infer-shape.ts';
import { hostKernel, inputOf, tensorAt } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';

/** Rows by index. On hosts a copy per row: TF.js's wasm kernel copies all ids out of the module first. */
export const gatherKernel: Lowering<'gather'> = (node, device) => {
  const [params, ids] = [inputOf(node, 0), inputOf(node, 1)];
  const rows = params.shape[0] ?? 0;
  const width = shapeSize(params.shape.slice(1));
  const count = shapeSize(ids.shape);
  const views = [[rows, width], [count]];
  if (device.kind === 'gpu') {
    const attributes = { axis: 0, batchDims: 0 };
    return {
      views,
      run: (inputs) => device.call('GatherV2', { x: tensorAt(inputs, 0), indices: tensorAt(inputs, 1) }, attributes),
    };
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
