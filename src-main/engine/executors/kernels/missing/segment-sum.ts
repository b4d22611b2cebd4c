import { shapeSize } from '../../../graph/infer-shape.ts';
import { hostKernel, inputOf, ownKernel, tensorAt } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { elementProgram } from '../wgsl/program.ts';

/**
 * Rows [count, width] added up by segment, always in the order of the rows: bit for bit the same every time.
 * TF.js's wasm backend has no such kernel, and its webgpu kernel adds by atomics in whatever order threads come.
 *
 * On a GPU in two programs. The first links the rows of each segment into a list in order: for row k the next row of
 * the same segment, for segment s the first (-1: none). The second walks one list per output element.
 */
export const segmentSumKernel: Lowering<'segmentSum'> = (node, device) => {
  const { segments } = node.attributes;
  const ids = inputOf(node, 1);
  const count = shapeSize(ids.shape);
  const width = shapeSize(node.shape.slice(1));
  return ownKernel(device, [[count * width], [count]], {
    host: (host) =>
      hostKernel(host, [segments, width], 'float32', ([data, rows], out) => {
        if (!data || !rows) return;
        out.fill(0);
        for (let k = 0; k < count; k++) {
          const segment = rows[k] ?? 0;
          if (segment < 0 || segment >= segments)
            throw new Error(`segmentSum: id ${segment} is not in [0, ${segments})`);
          const [to, from] = [segment * width, k * width];
          for (let i = 0; i < width; i++) out[to + i] = (out[to + i] ?? 0) + (data[from + i] ?? 0);
        }
      }),
    gpu: (gpu) => {
      const link = gpu.prepare(
        elementProgram({
          inputs: { ids: 'int32' },
          dtype: 'int32',
          size: segments + count,
          uniforms: { segments, count },
          body: `var segment = index;
  var k = 0;
  if (index >= uniforms.segments) {
    k = index - uniforms.segments;
    segment = ids[k];
    k = k + 1;
  }
  for (; k < uniforms.count; k = k + 1) { if (ids[k] == segment) { break; } }
  result[index] = select(k, -1, k >= uniforms.count);`,
        }),
      );
      const walk = gpu.prepare(
        elementProgram({
          inputs: { data: 'float32', list: 'int32' },
          dtype: 'float32',
          size: segments * width,
          uniforms: { segments, width },
          body: `let segment = index / uniforms.width;
  let column = index % uniforms.width;
  var total = 0.0;
  for (var k = list[segment]; k >= 0; k = list[uniforms.segments + k]) {
    total = total + data[k * uniforms.width + column];
  }
  result[index] = total;`,
        }),
      );
      return (inputs) => {
        const list = link([tensorAt(inputs, 1)]);
        const sums = walk([tensorAt(inputs, 0), list]);
        gpu.free(list);
        return sums;
      };
    },
  });
};
