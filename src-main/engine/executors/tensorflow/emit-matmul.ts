import { shapeSize } from '../../graph/infer-shape.ts';
import type { GraphNode, Shape } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';
import { emitCast, emitReshape, operand, type EmitContext } from './emit-context.ts';
import type { Ref } from './node-list.ts';
import { TF_TYPE, type TfType } from './tensorflow-messages.ts';

const FLOAT = TF_TYPE.float32;

/** Swaps the last two axes and nothing else. */
function isMatrixTranspose(node: GraphNode): node is GraphNode<'transpose'> {
  if (!isOp(node, 'transpose')) return false;
  const { perm } = node.attributes;
  const rank = perm.length;
  return rank >= 2 && perm.every((axis, i) => axis === (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
}

/** Rows of a product from which its other operand is worth turning round, and the most elements that one may have. */
const TURN_FROM_ROWS = 1024;
const TURN_UP_TO_ELEMENTS = 1 << 20;

/**
 * Whether the transposed right operand [n, k] of a product is better turned round in memory first: the library packs the
 * rows of W' slower than those of W (text sizes: 0.8 of its speed), and a small W is turned round in no time.
 */
function isWorthTurning(context: EmitContext, node: GraphNode<'matmul'>, b: GraphNode, transposeB: boolean): boolean {
  return transposeB && !context.compiled && node.attributes.precision !== 'bfloat16' && isLongBesideSmall(node, b);
}

/** A product [m, n] of many rows whose right operand is small. */
function isLongBesideSmall({ shape }: GraphNode, b: GraphNode): boolean {
  return shape.length === 2 && (shape[0] ?? 0) >= TURN_FROM_ROWS && shapeSize(b.shape) <= TURN_UP_TO_ELEMENTS;
}

/** Elements of a product from which how its operands are packed counts. */
const BATCH_FROM_ELEMENTS = 1 << 16;
/** Elements of an operand up to which a packed copy of it may be held beside it: peak memory counts too. */
const BATCH_UP_TO_ELEMENTS = 12 << 20;

/** Whether a'b or ab' is what `Tuning.batchesTransposed` is about; b' only where it is small beside the product. */
function isBatched(
  context: EmitContext,
  node: GraphNode<'matmul'>,
  [a, b]: readonly [GraphNode, GraphNode],
  [transposeA, transposeB]: readonly [boolean, boolean],
): boolean {
  if (!context.tuning.batchesTransposed || context.compiled || transposeA === transposeB) return false;
  if (transposeB) return isLongBesideSmall(node, b);
  const isLarge = node.shape.length === 2 && shapeSize(node.shape) >= BATCH_FROM_ELEMENTS;
  return isLarge && shapeSize(a.shape) <= BATCH_UP_TO_ELEMENTS;
}

/** Rows of the operands of a weight gradient from which how they are packed counts. */
const CONTRACT_FROM_ROWS = 1024;
/** Elements of a page: lines this far apart share a set of the first cache. */
const PAGE_ELEMENTS = 1024;
/** Sides shorter than this are not packed by oneDNN whatever the other side is (its threshold is 1/m + 1/n >= 0.0038). */
const UNPACKED_BELOW = 264;

/** Whether a'b, of a [k, m] and b [k, n], is what `Tuning.contractsGradients` is about. */
function isContracted(context: EmitContext, node: GraphNode<'matmul'>, a: GraphNode): boolean {
  if (!context.tuning.contractsGradients || context.compiled || node.attributes.precision === 'bfloat16') return false;
  const [m = 0, n = 0] = node.shape;
  const isLong = node.shape.length === 2 && (a.shape[0] ?? 0) >= CONTRACT_FROM_ROWS;
  return isLong && Math.max(m, n) % PAGE_ELEMENTS === 0 && Math.min(m, n) < UNPACKED_BELOW;
}

/** a'b by TensorFlow's own contraction, whose op oneDNN does not take over; the narrow side first, which it packs faster. */
function emitContraction(context: EmitContext, node: GraphNode<'matmul'>, a: GraphNode, b: GraphNode): Ref {
  const { list } = context;
  const [m = 0, n = 0] = node.shape;
  const contract = (left: GraphNode, right: GraphNode): Ref =>
    list.add('BatchMatMulV3', [context.ref(left), context.ref(right)], {
      Ta: { type: FLOAT },
      Tb: { type: FLOAT },
      Tout: { type: FLOAT },
      adj_x: { bool: true },
      adj_y: { bool: false },
    });
  if (m <= n) return contract(a, b);
  return emitTurned(context, contract(b, a), [n, m], FLOAT);
}

/** The matrix `ref` [rows, columns] turned round in memory. */
export function emitTurned(
  context: Pick<EmitContext, 'list'>,
  ref: Ref,
  [rows = 1, columns = 1]: Shape,
  type: TfType,
): Ref {
  // With an axis of one more, or TensorFlow's optimizer folds the transposition into a product.
  const cube = emitReshape(context, ref, [1, rows, columns], type);
  const attributes = { T: { type }, Tperm: { type: TF_TYPE.int32 } };
  const swapped = context.list.add('Transpose', [cube, context.list.int32([0, 2, 1])], attributes);
  return emitReshape(context, swapped, [columns, rows], type);
}

export function emitMatmul(context: EmitContext, node: GraphNode<'matmul'>): Ref {
  const { precision } = node.attributes;
  let [a, b] = [operand(node, 0), operand(node, 1)];
  let { transposeA, transposeB } = node.attributes;
  while (isMatrixTranspose(a)) [a, transposeA] = [operand(a, 0), !transposeA];
  while (isMatrixTranspose(b)) [b, transposeB] = [operand(b, 0), !transposeB];
  if (transposeA && !transposeB && isContracted(context, node, a)) return emitContraction(context, node, a, b);
  const isHalf = precision === 'bfloat16';
  const isMultipliedHalf = isHalf && !(context.tuning.widensBfloat16 && !context.compiled);
  const type = isMultipliedHalf ? TF_TYPE.bfloat16 : FLOAT;
  const factor = (node: GraphNode): Ref =>
    isHalf ? emitCast(context, context.bfloat16(node), TF_TYPE.bfloat16, type) : context.ref(node);
  if (!isMultipliedHalf && isBatched(context, node, [a, b], [transposeA, transposeB])) {
    const one = (of: GraphNode): Ref => emitReshape(context, factor(of), [1, ...of.shape], FLOAT);
    const product = emitBatched(context, [one(a), one(b)], FLOAT, [transposeA, transposeB]);
    return emitReshape(context, product, node.shape, FLOAT);
  }
  const turns = isWorthTurning(context, node, b, transposeB);
  const inputs = turns ? [context.ref(a), context.transposed(b)] : [factor(a), factor(b)];
  if (node.shape.length > 2) {
    return emitCast(context, emitBatched(context, inputs, type, [transposeA, transposeB]), type, FLOAT);
  }
  const transposes = { transpose_a: { bool: transposeA }, transpose_b: { bool: transposeB && !turns } };
  return emitCast(context, context.list.add('MatMul', inputs, { T: { type }, ...transposes }), type, FLOAT);
}

function emitBatched(
  { list }: EmitContext,
  inputs: readonly Ref[],
  type: TfType,
  [adjointA, adjointB]: readonly [boolean, boolean],
): Ref {
  return list.add('BatchMatMulV2', inputs, { T: { type }, adj_x: { bool: adjointA }, adj_y: { bool: adjointB } });
}
