import type { GraphNode, Shape } from '../../graph/types.ts';
import type { NodeList, Ref } from './node-list.ts';
import type { Tuning } from './processor.ts';
import type { ScatterAdd } from './scatter-add.ts';
import { TF_TYPE, type TfType } from './tensorflow-messages.ts';

/** What the emission of one op may ask for. */
export interface EmitContext {
  readonly list: NodeList;
  /** True inside a function that XLA compiles. */
  readonly compiled: boolean;
  /** Whether a node's value comes from outside of what is written: what it was made of isn't there. */
  isGiven(node: GraphNode): boolean;
  /** True where large passes are left to library kernels (`isLibraryPass`). */
  readonly library: boolean;
  /** What the processor is better at. */
  readonly tuning: Tuning;
  /** The TensorFlow value of a node, emitted when it is first asked for. */
  ref(node: GraphNode): Ref;
  /** `node` rounded to bfloat16; one cast per node. */
  bfloat16(node: GraphNode): Ref;
  /** The matrix `node` turned round in memory; one copy per node. */
  transposed(node: GraphNode): Ref;
  input(name: string): Ref;
  variable(name: string): Ref;
  /** What an addition is written as where that saves passes over memory. */
  scatterAdd(node: GraphNode): ScatterAdd | undefined;
  /** (loss, gradient) of the fused cross-entropy of these inputs; one kernel for both. */
  crossEntropy(logits: GraphNode, labels: GraphNode): { readonly loss: Ref; readonly gradient: Ref };
}

export function operand(node: GraphNode, index: number): GraphNode {
  const found = node.inputs[index];
  if (found === undefined) throw new Error(`${node.op}: no input ${index}`);
  return found;
}

export function emitCast(context: Pick<EmitContext, 'list'>, ref: Ref, from: TfType, to: TfType): Ref {
  return from === to
    ? ref
    : context.list.add('Cast', [ref], { SrcT: { type: from }, DstT: { type: to }, Truncate: { bool: false } });
}

/** Numbers of one 32-bit type read as those of another, without touching a bit. */
export function emitBitcast(context: Pick<EmitContext, 'list'>, ref: Ref, from: TfType, to: TfType): Ref {
  return from === to ? ref : context.list.add('Bitcast', [ref], { T: { type: from }, type: { type: to } });
}

export function emitReshape(context: Pick<EmitContext, 'list'>, ref: Ref, shape: Shape, type: TfType): Ref {
  return context.list.add('Reshape', [ref, context.list.int32(shape)], {
    T: { type },
    Tshape: { type: TF_TYPE.int32 },
  });
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
