import { shapeSize } from '../../../graph/infer-shape.ts';
import { philoxUniforms } from '../../../random/philox.ts';
import { hostKernel, ownKernel } from '../lowering/lowering.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { elementProgram } from '../wgsl/program.ts';

/** Philox4x32-10 in WGSL: the words of counter block (block, 0, stream, 0) under the key. */
const PHILOX = `
  fn multiplyHigh(a : u32, b : u32) -> u32 {
    let al = a & 0xffffu; let ah = a >> 16u;
    let bl = b & 0xffffu; let bh = b >> 16u;
    let middle = ah * bl + ((al * bl) >> 16u);
    let carry = al * bh + (middle & 0xffffu);
    return ah * bh + (middle >> 16u) + (carry >> 16u);
  }
  fn philox(block : u32, stream : u32, key : vec2<u32>) -> vec4<u32> {
    var c = vec4<u32>(block, 0u, stream, 0u);
    var k = key;
    for (var round = 0; round < 10; round = round + 1) {
      let high0 = multiplyHigh(0xd2511f53u, c.x);
      let low0 = 0xd2511f53u * c.x;
      let high1 = multiplyHigh(0xcd9e8d57u, c.z);
      let low1 = 0xcd9e8d57u * c.z;
      c = vec4<u32>(high1 ^ c.y ^ k.x, low1, high0 ^ c.w ^ k.y, low0);
      k = k + vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
    }
    return c;
  }`;

/**
 * The numbers of TensorFlow's StatelessRandomUniformV2 with Philox: see random/philox.ts for which.
 * In JavaScript some 30 ns per number; on a GPU a block of four is computed by each of its elements.
 */
export const randomUniformKernel: Lowering<'randomUniform'> = (node, device) => {
  const { stream } = node.attributes;
  const size = shapeSize(node.shape);
  return ownKernel(device, [[2]], {
    host: (host) =>
      hostKernel(host, [size], 'float32', ([key], out) => {
        philoxUniforms(out as Float32Array, key?.[0] ?? 0, key?.[1] ?? 0, stream);
      }),
    gpu: (gpu) =>
      gpu.prepare(
        elementProgram({
          inputs: { key: 'int32' },
          dtype: 'float32',
          size,
          uniforms: { stream },
          declarations: PHILOX,
          body: `let key2 = vec2<u32>(bitcast<u32>(key[0]), bitcast<u32>(key[1]));
  let words = philox(u32(index) / 4u, u32(uniforms.stream), key2);
  result[index] = bitcast<f32>((words[u32(index) % 4u] & 0x7fffffu) | 0x3f800000u) - 1.0;`,
        }),
      ),
  });
};
