import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../../src-main/engine/train/safetensors.ts';

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A file with this header text and these tensor bytes. */
function raw(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return joined([length, json, data]);
}

const entry = (dtype: string, shape: number[], offsets: number[]) => ({ dtype, shape, data_offsets: offsets });

describe('safetensors', () => {
  it('come back bit for bit, in every type, with shapes and metadata', () => {
    const tensors = {
      weight: { shape: [2, 3], data: Float32Array.of(NaN, -0, Infinity, 1.4e-45, 3.4e38, 0.1) },
      odd: { shape: [3], data: Uint8Array.of(1, 2, 255) },
      exact: { shape: [1], data: Float64Array.of(0.1) },
      ids: { shape: [2, 1], data: Int32Array.of(-1, 2_147_483_647) },
      big: { shape: [1], data: BigInt64Array.of(-(2n ** 63n)) },
      empty: { shape: [0, 4], data: new Float32Array() },
      scalar: { shape: [], data: Float32Array.of(7) },
    };
    const read = decodeSafetensors(joined(encodeSafetensors(tensors, { format: 'x' })), 'f');
    expect(read.metadata).toEqual({ format: 'x' });
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      const found = read.tensors.get(name);
      expect(found?.shape).toEqual(shape);
      expect(Buffer.from(found?.data.buffer ?? new ArrayBuffer(1))).toEqual(Buffer.from(data.buffer));
      expect(found?.data.constructor).toBe(data.constructor);
    }
  });

  it('are laid out as the format says: length, JSON header padded to 8 bytes, data', () => {
    const bytes = joined(encodeSafetensors({ a: { shape: [1], data: Float32Array.of(1) } }));
    const length = Number(Buffer.from(bytes).readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    });
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f]);
  });

  it('write a view of a larger array as its own values', () => {
    const flat = Float32Array.of(0, 1, 2, 3);
    const read = decodeSafetensors(joined(encodeSafetensors({ a: { shape: [2], data: flat.subarray(1, 3) } })), 'f');
    expect(read.tensors.get('a')?.data).toEqual(Float32Array.of(1, 2));
  });

  it('widen bfloat16 to float32 exactly', () => {
    const data = new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x7f80).buffer);
    const read = decodeSafetensors(raw(JSON.stringify({ a: entry('BF16', [3], [0, 6]) }), data), 'f');
    expect(read.tensors.get('a')?.data).toEqual(Float32Array.of(1, -2, Infinity));
  });

  it('refuse to write a shape that does not fit its values', () => {
    expect(() => encodeSafetensors({ a: { shape: [2], data: Float32Array.of(1) } })).toThrow('shape [2] but 1 values');
  });

  const four = new Uint8Array(4);
  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'at least 8 bytes, got 0'],
    ['a header longer than the file', raw('{}').subarray(0, 9), 'a header of 2 bytes, the whole file has 9'],
    ['an absurd length', new Uint8Array(16).fill(255), 'the whole file has 16'],
    ['a header that is no JSON', raw('{"a":'), 'its header is not JSON'],
    [
      'a header that is no UTF-8',
      joined([Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), Uint8Array.of(255)]),
      'its header is not JSON',
    ],
    ['a header that is a list', raw('[]'), 'no JSON object'],
    [
      'an unknown type',
      raw(JSON.stringify({ a: entry('F8', [1], [0, 1]) }), four),
      'has the type "F8", expected one of F32',
    ],
    [
      'a type from the prototype',
      raw(JSON.stringify({ a: entry('constructor', [1], [0, 1]) }), four),
      'has the type "constructor"',
    ],
    ['a broken shape', raw(JSON.stringify({ a: entry('F32', [-1], [0, 4]) }), four), 'has the shape [-1]'],
    ['broken offsets', raw(JSON.stringify({ a: entry('F32', [1], [0]) }), four), 'has the offsets [0]'],
    [
      'a size unlike the shape',
      raw(JSON.stringify({ a: entry('F32', [2], [0, 4]) }), four),
      'should take 8 bytes, its offsets give 4',
    ],
    [
      'a cut-off end',
      raw(JSON.stringify({ a: entry('F32', [1], [0, 4]) }), four.subarray(0, 3)),
      /expected \d+ bytes by its header, got \d+/ as unknown as string,
    ],
    ['bytes too many', raw('{}', four), /expected 10 bytes by its header, got 14/ as unknown as string],
    [
      'an overlap',
      raw(JSON.stringify({ a: entry('F32', [1], [0, 4]), b: entry('U8', [2], [2, 4]) }), four),
      'b overlaps the one before it',
    ],
    [
      'a gap',
      raw(JSON.stringify({ a: entry('U8', [1], [0, 1]), b: entry('U8', [2], [2, 4]) }), four),
      'b leaves a gap',
    ],
    ['odd metadata', raw(JSON.stringify({ __metadata__: { a: 1 } })), 'its metadata are not texts'],
  ])('refuse %s, saying what was found', (_name, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'some.safetensors')).toThrow(message);
    expect(() => decodeSafetensors(bytes, 'some.safetensors')).toThrow(
      expect.objectContaining({ code: 'file/invalid', message: expect.stringContaining('some.safetensors') as string }),
    );
  });
});
