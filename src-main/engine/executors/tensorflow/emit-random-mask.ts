import { shapeSize } from '../../graph/infer-shape.ts';
import type { Shape } from '../../graph/types.ts';
import type { NodeList, Ref } from './node-list.ts';
import { TF_TYPE, type Attributes, type TfType } from './tensorflow-messages.ts';

const UINT64 = TF_TYPE.uint64;
const UINT32 = TF_TYPE.uint32;
const ROUNDS = 10;
/** Words of a Philox block, and the bits of a word that make a number: u = (word mod 2^23) / 2^23. */
const WORDS = 4;
const MANTISSA_BITS = 23;
/** Above every packed block: four bytes that are 0 or 1. */
const ABOVE_PACKED = 0x01010102;

const T = (type: TfType): Attributes => ({ T: { type } });

/**
 * Philox 4x32-10 of the blocks 0, 1, … of a stream: four vectors of words. Each 32-bit word lives in 64 bits, where the
 * product of two of them has room.
 */
function philoxBlocks(list: NodeList, key: Ref, stream: number, blocks: number): Ref[] {
  const word = (value: number): Ref => list.constant({ type: 'uint64', shape: [], values: [BigInt(value)] });
  const apply = (op: string, a: Ref, b: Ref): Ref => list.add(op, [a, b], T(UINT64));
  const low = (a: Ref): Ref => apply('BitwiseAnd', a, word(0xffffffff));
  const high = (a: Ref): Ref => apply('RightShift', a, word(32));
  const xor = (a: Ref, b: Ref, c: Ref): Ref => apply('BitwiseXor', apply('BitwiseXor', a, b), c);
  const indices = list.add('Range', [list.int32(0), list.int32(blocks), list.int32(1)], {
    Tidx: { type: TF_TYPE.int32 },
  });
  let c0 = list.add('Cast', [indices], { SrcT: { type: TF_TYPE.int32 }, DstT: { type: UINT64 } });
  let [c1, c2, c3] = [word(0), word(stream), word(0)];
  let [k0, k1] = [low(key), high(key)];
  for (let round = 0; round < ROUNDS; round++) {
    const product0 = apply('Mul', c0, word(0xd2511f53));
    const product1 = apply('Mul', c2, word(0xcd9e8d57));
    [c0, c1] = [xor(high(product1), c1, k0), low(product1)];
    [c2, c3] = [xor(high(product0), c3, k1), low(product0)];
    [k0, k1] = [low(apply('AddV2', k0, word(0x9e3779b9))), low(apply('AddV2', k1, word(0xbb67ae85)))];
  }
  return [c0, c1, c2, c3];
}

/**
 * `bound <= u` for the numbers u of a `randomUniform`, as bool: the same decisions, for a quarter of the work. The
 * compiler's way to a vector of words computes every block anew for each of its four; here a block's decisions are packed
 * into one value.
 * @param key uint64 [1], the two words of the key
 * @param bound a float32 in [0, 1]
 */
export function emitRandomMask(list: NodeList, key: Ref, stream: number, shape: Shape, bound: number): Ref {
  const size = shapeSize(shape);
  const blocks = Math.ceil(size / WORDS);
  const uint64 = (value: number): Ref => list.constant({ type: 'uint64', shape: [], values: [BigInt(value)] });
  const apply = (op: string, a: Ref, b: Ref): Ref => list.add(op, [a, b], T(UINT64));
  // m / 2^23 >= bound where m + 2^23 - ceil(bound 2^23) carries into bit 23.
  const carry = uint64(2 ** MANTISSA_BITS - Math.ceil(bound * 2 ** MANTISSA_BITS));
  const decisions = philoxBlocks(list, key, stream, blocks).map((word, i) => {
    const mantissa = apply('BitwiseAnd', word, uint64(2 ** MANTISSA_BITS - 1));
    const isKept = apply('RightShift', apply('AddV2', mantissa, carry), uint64(MANTISSA_BITS));
    return apply('LeftShift', isKept, uint64(8 * i));
  });
  const packed = list.add('Cast', [decisions.reduce((all, next) => apply('BitwiseOr', all, next))], {
    SrcT: { type: UINT64 },
    DstT: { type: UINT32 },
  });
  // Changes nothing, but counts as dear: the compiler keeps the value in memory instead of computing it for each byte.
  const above = list.constant({ type: 'uint32', shape: [], values: [ABOVE_PACKED] });
  const kept = list.add('FloorMod', [packed, above], T(UINT32));
  const bytes = list.add('Bitcast', [kept], { ...T(UINT32), type: { type: TF_TYPE.uint8 } });
  const zero = list.constant({ type: 'uint8', shape: [], values: [0] });
  const flags = list.add('NotEqual', [bytes, zero], T(TF_TYPE.uint8));
  const reshape = (of: Ref, to: Shape): Ref =>
    list.add('Reshape', [of, list.int32(to)], { ...T(TF_TYPE.bool), Tshape: { type: TF_TYPE.int32 } });
  if (WORDS * blocks === size) return reshape(flags, shape);
  const flat = reshape(flags, [WORDS * blocks]);
  const cut = list.add('Slice', [flat, list.int32([0]), list.int32([size])], {
    ...T(TF_TYPE.bool),
    Index: { type: TF_TYPE.int32 },
  });
  return reshape(cut, shape);
}
