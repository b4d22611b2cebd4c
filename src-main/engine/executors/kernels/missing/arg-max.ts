import { shapeSize } from '../../../graph/infer-shape.ts';
import { hostKernel, inputOf, ownKernel } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { elementProgram } from '../wgsl/program.ts';

/** The lowest index among equal maxima along one axis, for float32 and int32. */
export const argMaxKernel: Lowering<'argMax'> = (node, device) => {
  const { shape } = inputOf(node, 0);
  const { axis } = node.attributes;
  const outer = shapeSize(shape.slice(0, axis));
  const length = shape[axis] ?? 1;
  const inner = shapeSize(shape.slice(axis + 1));
  return ownKernel(device, [[shapeSize(shape)]], {
    host: (host) =>
      hostKernel(host, [outer * inner], 'int32', ([x], out) => {
        if (x === undefined) return;
        for (let o = 0; o < outer; o++) {
          for (let i = 0; i < inner; i++) {
            let at = o * length * inner + i;
            let best = x[at] ?? 0;
            let bestIndex = 0;
            for (let index = 1; index < length; index++) {
              at += inner;
              const value = x[at] ?? 0;
              if (value > best) {
                best = value;
                bestIndex = index;
              }
            }
            out[o * inner + i] = bestIndex;
          }
        }
      }),
    gpu: (gpu) =>
      gpu.prepare(
        elementProgram({
          inputs: { x: inputOf(node, 0).dtype },
          dtype: 'int32',
          size: outer * inner,
          uniforms: { alongAxis: length, inner },
          body: `var at = (index / uniforms.inner) * uniforms.alongAxis * uniforms.inner + index % uniforms.inner;
  var best = x[at];
  var bestIndex = 0;
  for (var i = 1; i < uniforms.alongAxis; i = i + 1) {
    at = at + uniforms.inner;
    if (x[at] > best) { best = x[at]; bestIndex = i; }
  }
  result[index] = bestIndex;`,
        }),
      ),
  });
};
