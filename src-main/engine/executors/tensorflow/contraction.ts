import type { GraphNode, Shape } from '../../graph/types.ts';
import { emitTurned, type EmitContext } from './emit-context.ts';
import type { Ref } from './node-list.ts';
import { TF_TYPE } from './tensorflow-messages.ts';

const FLOAT = TF_TYPE.float32;

/** A result narrower than this leaves oneDNN's operands unpacked whatever its other side is (1/m + 1/n >= 0.0038). */
const UNPACKED_BELOW = 264;
/** Elements of a page: lines this far apart share a set of the first cache. */
const PAGE_ELEMENTS = 1024;
/** A side (the vocabulary) of so many elements that its operand is read from memory. */
const LONG_SIDE = 8 * PAGE_ELEMENTS;
/** Rows of a weight gradient's operands from which packing them pays: beside a long side, and beside one of pages. */
const ROWS_BESIDE_LONG = 256;
const ROWS_BESIDE_PAGES = 1024;
/** Rows of the result of a plain product, and the length of its sums, from which packing pays. */
const PLAIN_ROWS = 2048;
const PLAIN_LENGTH = PAGE_ELEMENTS;

/**
 * Whether a float32 product is what `Tuning.contractsNarrow` is about: a weight gradient a'b beside a long side or one of
 * pages, or a plain product ab of many rows and long sums. The other narrow products are no faster contracted.
 */
export function isContracted(
  context: EmitContext,
  { shape }: GraphNode<'matmul'>,
  a: GraphNode,
  [transposeA, transposeB]: readonly [boolean, boolean],
): boolean {
  if (!context.tuning.contractsNarrow || context.compiled || transposeB || shape.length !== 2) return false;
  const [m = 0, n = 0] = shape;
  if (!transposeA) return n < UNPACKED_BELOW && m >= PLAIN_ROWS && (a.shape[1] ?? 0) >= PLAIN_LENGTH;
  // A sum of rows has no operand that is read twice.
  if (Math.min(m, n) === 1 || Math.min(m, n) >= UNPACKED_BELOW) return false;
  const rows = a.shape[0] ?? 0;
  const longest = Math.max(m, n);
  if (longest >= LONG_SIDE) return rows >= ROWS_BESIDE_LONG;
  return longest % PAGE_ELEMENTS === 0 && rows >= ROWS_BESIDE_PAGES;
}

/**
 * The product [m, n] of a (or a') and b by TensorFlow's own contraction, whose op oneDNN does not take over. Beside pages
 * it packs the narrow side of a'b first faster, so that the result is turned round afterwards; a long one costs more to turn.
 */
export function emitContraction(
  { list }: Pick<EmitContext, 'list'>,
  [m = 0, n = 0]: Shape,
  [a, b]: readonly [Ref, Ref],
  transposeA: boolean,
): Ref {
  const contract = (left: Ref, right: Ref): Ref =>
    list.add('BatchMatMulV3', [left, right], {
      Ta: { type: FLOAT },
      Tb: { type: FLOAT },
      Tout: { type: FLOAT },
      adj_x: { bool: transposeA },
      adj_y: { bool: false },
    });
  if (!transposeA || m <= n || m >= LONG_SIDE) return contract(a, b);
  return emitTurned({ list }, contract(b, a), [n, m], FLOAT);
}
