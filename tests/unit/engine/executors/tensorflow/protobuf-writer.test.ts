import { expect, it } from 'vitest';
import { ProtobufWriter } from '../../../../../src-main/engine/executors/tensorflow/protobuf-writer.ts';

const hex = (writer: ProtobufWriter): string => Buffer.from(writer.finish()).toString('hex');

/** Bytes as `protoc --encode` writes them; 150 and "testing" are the examples of the format's description. */
it.each<[string, ProtobufWriter, string]>([
  ['a number', new ProtobufWriter().varint(1, 150), '089601'],
  ['the largest of 31 bits', new ProtobufWriter().varint(1, 2 ** 31 - 1), '08ffffffff07'],
  ['one more', new ProtobufWriter().varint(1, 2 ** 31), '088080808008'],
  ['a negative number', new ProtobufWriter().varint(1, -1), '08ffffffffffffffffff01'],
  ['all of 64 bits', new ProtobufWriter().varint(1, 2n ** 64n - 1n), '08ffffffffffffffffff01'],
  ['a default, which is left out', new ProtobufWriter().varint(1, 0).packed(2, []), ''],
  ['a default of a oneof, which is not', new ProtobufWriter().oneofVarint(5, false), '2800'],
  ['a high field', new ProtobufWriter().varint(32, 1), '800201'],
  ['text', new ProtobufWriter().string(2, 'testing'), '120774657374696e67'],
  ['text of more bytes than letters', new ProtobufWriter().varint(1, 1).string(2, 'aŷ'), '0801120361c5b7'],
  ['a float', new ProtobufWriter().float(4, 0.5), '250000003f'],
  ['packed numbers', new ProtobufWriter().packed(6, [3, 270, 86942]), '3206038e029ea705'],
  ['a message', new ProtobufWriter().message(3, new ProtobufWriter().varint(1, 150)), '1a03089601'],
])('writes %s', (_what, writer, bytes) => {
  expect(hex(writer)).toBe(bytes);
});

it('grows with what is written, also in messages within messages', () => {
  const inner = new ProtobufWriter();
  for (let i = 0; i < 1000; i++) inner.string(1, 'x'.repeat(100));
  const outer = new ProtobufWriter().varint(1, 1).message(2, inner).varint(3, 1).finish();
  expect(outer.length).toBe(2 + 1 + 3 + 102_000 + 2);
  expect(Buffer.from(outer.subarray(6, 106)).toString('latin1')).toBe(`\nd${'x'.repeat(98)}`);
});
