import { shapeSize } from '../../graph/infer-shape.ts';
import type { GraphNode } from '../../graph/types.ts';
import { isOp } from '../../graph/types.ts';
import { emitContraction, isContracted } from './contraction.ts';
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

/** Elements of a product or an operand from which how it is packed counts. */
const PACKING_FROM_ELEMENTS = 1 << 16;

/** Rows of a product from which its other operand is worth turning round: any, and one large enough to matter. */
const TURN_FROM_ROWS = 1024;
const TURN_LARGE_FROM_ROWS = 256;
/** The most elements that the other operand may have. */
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
  const elements = shapeSize(b.shape);
  const fromRows = elements >= PACKING_FROM_ELEMENTS ? TURN_LARGE_FROM_ROWS : TURN_FROM_ROWS;
  return shape.length === 2 && (shape[0] ?? 0) >= fromRows && elements <= TURN_UP_TO_ELEMENTS;
}

/**
 * Elements of an operand up to which a packed copy of it may be held beside it, since peak memory counts too: the logits that
 * exist at a time (`train/chunk-rows.ts`) are.
 */
const BATCH_UP_TO_ELEMENTS = 16 << 20;

/** Whether a'b or ab' is what `Tuning.batchesTransposed` is about; b' only where it is small beside the product. */
function isBatched(
  context: EmitContext,
  node: GraphNode<'matmul'>,
  [a, b]: readonly [GraphNode, GraphNode],
  [transposeA, transposeB]: readonly [boolean, boolean],
): boolean {
  if (!context.tuning.batchesTransposed || context.compiled || transposeA === transposeB) return false;
  if (transposeB) return isLongBesideSmall(node, b);
  const isLarge = node.shape.length === 2 && shapeSize(node.shape) >= PACKING_FROM_ELEMENTS;
  return isLarge && shapeSize(a.shape) <= BATCH_UP_TO_ELEMENTS;
}

export function emitMatmul(context: EmitContext, node: GraphNode<'matmul'>): Ref {
  const { precision } = node.attributes;
  let [a, b] = [operand(node, 0), operand(node, 1)];
  let { transposeA, transposeB } = node.attributes;
  while (isMatrixTranspose(a)) [a, transposeA] = [operand(a, 0), !transposeA];
  while (isMatrixTranspose(b)) [b, transposeB] = [operand(b, 0), !transposeB];
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
  const inputs: [Ref, Ref] = turns ? [context.ref(a), context.transposed(b)] : [factor(a), factor(b)];
  if (!isMultipliedHalf && isContracted(context, node, a, [transposeA, transposeB && !turns])) {
    return emitContraction(context, node.shape, inputs, transposeA);
  }
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
