import type { GraphNode } from '../graph/types.ts';
import { activation } from './activation.ts';
import { layerNorm } from './layer-norm.ts';
import { affine, linear } from './linear.ts';
import type { ModelContext } from './model-context.ts';
import { TOKEN_EMBEDDING } from './parameter-layout.ts';

export type HeadName = 'head' | 'head_x' | 'head_y';

/** The part of LM head `name` before its output projection: Linear, activation, LayerNorm; [...C, R, D] -> same. */
export function headHidden(context: ModelContext, x: GraphNode, name: HeadName): GraphNode {
  return layerNorm(context, activation(context.model, linear(context, x, `${name}.ff_linear`)), `${name}.layer_norm`);
}

/** Output projection's weight [...C, V, D] (the student's is the token embedding) and bias [...C, V]. */
export function headOutput(context: ModelContext, name: HeadName): { weight: GraphNode; bias: GraphNode } {
  const { parameters } = context;
  return {
    weight: parameters.get(name === 'head' ? TOKEN_EMBEDDING : `${name}.output.weight`),
    bias: parameters.get(`${name}.output.bias`),
  };
}

/** [...C, R, D] -> logits [...C, R, V]. */
export function headLogits(context: ModelContext, x: GraphNode, name: HeadName): GraphNode {
  const { weight, bias } = headOutput(context, name);
  return affine(context, headHidden(context, x, name), weight, bias);
}
