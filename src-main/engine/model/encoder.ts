import { add, gather } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { activation } from './activation.ts';
import { selfAttention } from './attention.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import type { Geometry, ModelContext, WantedRows } from './model-context.ts';

function feedForward(context: ModelContext, x: GraphNode, prefix: string): GraphNode {
  const hidden = activation(context.model, linear(context, x, `${prefix}.linear1`));
  return linear(context, context.dropout?.apply(hidden, 'activation') ?? hidden, `${prefix}.linear2`);
}

/** One layer over [...C, N*S, D]; where rows are wanted, over those alone, which look at all: [N*T, D]. */
function encoderLayer(
  context: ModelContext,
  x: GraphNode,
  prefix: string,
  geometry: Geometry,
  keyBias: GraphNode | undefined,
  wanted?: WantedRows,
): GraphNode {
  const drop = (value: GraphNode): GraphNode => context.dropout?.apply(value, 'hidden') ?? value;
  const feed = (value: GraphNode): GraphNode => drop(feedForward(context, value, prefix));
  const normAttention = (value: GraphNode): GraphNode => layerNorm(context, value, `${prefix}.self_attn_norm`);
  const normFeed = (value: GraphNode): GraphNode => layerNorm(context, value, `${prefix}.ff_norm`);
  const rows = wanted ? gather(x, wanted.positions) : x;
  const attend = (prepare: (value: GraphNode) => GraphNode): GraphNode => {
    const queries = wanted && { rows: prepare(rows), perSequence: wanted.perSequence };
    return drop(selfAttention(context, prepare(x), `${prefix}.self_attn`, geometry, keyBias, queries));
  };
  if (context.model.preNorm) {
    const attended = add(rows, attend(normAttention));
    return add(attended, feed(normFeed(attended)));
  }
  const attended = normAttention(
    add(
      rows,
      attend((value) => value),
    ),
  );
  return normFeed(add(attended, feed(attended)));
}

/**
 * All encoder layers over embedded rows [...C, N*S, D] -> the same shape, or the wanted rows [N*T, D] (ungrouped weights
 * only); pre-norm ends with one LayerNorm.
 */
export function encoder(
  context: ModelContext,
  embedded: GraphNode,
  geometry: Geometry,
  keyBias: GraphNode | undefined,
  wanted?: WantedRows,
): GraphNode {
  const { layers, preNorm } = context.model;
  let x = embedded;
  for (let i = 0; i < layers; i++) {
    x = encoderLayer(context, x, `encoder.layers.${i}`, geometry, keyBias, i === layers - 1 ? wanted : undefined);
  }
  return preNorm ? layerNorm(context, x, 'final_layer_norm') : x;
}
