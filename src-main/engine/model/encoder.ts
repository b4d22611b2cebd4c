import { add } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { activation } from './activation.ts';
import { selfAttention } from './attention.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import type { Geometry, ModelContext } from './model-context.ts';

function feedForward(context: ModelContext, x: GraphNode, prefix: string): GraphNode {
  const hidden = activation(context.model, linear(context, x, `${prefix}.linear1`));
  return linear(context, context.dropout?.apply(hidden, 'activation') ?? hidden, `${prefix}.linear2`);
}

function encoderLayer(
  context: ModelContext,
  x: GraphNode,
  prefix: string,
  geometry: Geometry,
  keyBias: GraphNode | undefined,
): GraphNode {
  const drop = (value: GraphNode): GraphNode => context.dropout?.apply(value, 'hidden') ?? value;
  const attend = (value: GraphNode): GraphNode =>
    drop(selfAttention(context, value, `${prefix}.self_attn`, geometry, keyBias));
  const feed = (value: GraphNode): GraphNode => drop(feedForward(context, value, prefix));
  const normAttention = (value: GraphNode): GraphNode => layerNorm(context, value, `${prefix}.self_attn_norm`);
  const normFeed = (value: GraphNode): GraphNode => layerNorm(context, value, `${prefix}.ff_norm`);
  if (context.model.preNorm) {
    const attended = add(x, attend(normAttention(x)));
    return add(attended, feed(normFeed(attended)));
  }
  const attended = normAttention(add(x, attend(x)));
  return normFeed(add(attended, feed(attended)));
}

/** All encoder layers over embedded rows [...C, N*S, D] -> the same shape; pre-norm ends with one LayerNorm. */
export function encoder(
  context: ModelContext,
  embedded: GraphNode,
  geometry: Geometry,
  keyBias: GraphNode | undefined,
): GraphNode {
  let x = embedded;
  for (let i = 0; i < context.model.layers; i++) {
    x = encoderLayer(context, x, `encoder.layers.${i}`, geometry, keyBias);
  }
  return context.model.preNorm ? layerNorm(context, x, 'final_layer_norm') : x;
}
