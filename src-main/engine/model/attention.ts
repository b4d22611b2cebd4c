import { attend } from '../graph/attend.ts';
import { mul, reshape, slice, transpose } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { affine, linear } from './linear.ts';
import type { Geometry, ModelContext } from './model-context.ts';

/**
 * Multi-head self-attention `name` over [...C, N*S, D]. `keyBias` [B, 1, 1, S] (B = C*N) is added to the scores: a
 * large negative number at padding keys.
 */
export function selfAttention(
  context: ModelContext,
  x: GraphNode,
  name: string,
  geometry: Geometry,
  keyBias: GraphNode | undefined,
): GraphNode {
  const { model, parameters, precision } = context;
  const { modelDim: D, heads: H } = model;
  const S = geometry.length;
  const B = geometry.batch * (parameters.groups ?? 1);
  const Dh = D / H;
  const projected = affine(
    context,
    x,
    parameters.get(`${name}.in_proj_weight`),
    parameters.get(`${name}.in_proj_bias`),
  );
  const byHead = transpose(reshape(projected, [B, S, 3, H, Dh]), [2, 0, 3, 1, 4]); // [3, B, H, S, Dh]
  const part = (i: number): GraphNode => reshape(slice(byHead, [i, 0, 0, 0, 0], [1, B, H, S, Dh]), [B, H, S, Dh]);
  const query = mul(part(0), 1 / Math.sqrt(Dh));
  const mixed = attend(query, part(1), part(2), {
    scoreBias: keyBias,
    weightMask: (weights) => context.dropout?.apply(weights, 'attention') ?? weights,
    precision,
  }); // [B, H, S, Dh]
  const rows = reshape(transpose(mixed, [0, 2, 1, 3]), x.shape); // [...C, N*S, D]
  return linear(context, rows, `${name}.out_proj`);
}
