import { attend } from '../graph/attend.ts';
import { mul, reshape, slice, transpose } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { affine, linear } from './linear.ts';
import type { Geometry, ModelContext } from './model-context.ts';

/** The rows that look at others, [N*T, D], T of each sequence. */
export interface Queries {
  readonly rows: GraphNode;
  readonly perSequence: number;
}

interface Heads {
  /** [B, H, T, Dh] */
  readonly query: GraphNode;
  /** [B, H, S, Dh] */
  readonly key: GraphNode;
  readonly value: GraphNode;
}

/**
 * Multi-head self-attention `name` over [...C, N*S, D]. `keyBias` [B, 1, 1, S] (B = C*N) is added to the scores: a
 * large negative number at padding keys. With `queries` (ungrouped weights only) the result is theirs, [N*T, D].
 */
export function selfAttention(
  context: ModelContext,
  x: GraphNode,
  name: string,
  geometry: Geometry,
  keyBias: GraphNode | undefined,
  queries?: Queries,
): GraphNode {
  const { model, precision } = context;
  const { query, key, value } = queries
    ? projectApart(context, queries, x, name, geometry)
    : projectTogether(context, x, name, geometry);
  const mixed = attend(mul(query, 1 / Math.sqrt(model.modelDim / model.heads)), key, value, {
    scoreBias: keyBias,
    weightMask: (weights) => context.dropout?.apply(weights, 'attention') ?? weights,
    precision,
  }); // [B, H, T, Dh]
  const rows = reshape(transpose(mixed, [0, 2, 1, 3]), queries?.rows.shape ?? x.shape); // [...C, N*T, D]
  return linear(context, rows, `${name}.out_proj`);
}

/** Queries, keys and values of all rows in one product. */
function projectTogether(context: ModelContext, x: GraphNode, name: string, geometry: Geometry): Heads {
  const { parameters } = context;
  const [H, Dh] = headsOf(context);
  const S = geometry.length;
  const B = geometry.batch * (parameters.groups ?? 1);
  const [weight, bias] = inputProjection(context, name);
  const projected = affine(context, x, weight, bias);
  const byHead = transpose(reshape(projected, [B, S, 3, H, Dh]), [2, 0, 3, 1, 4]); // [3, B, H, S, Dh]
  const part = (i: number): GraphNode => reshape(slice(byHead, [i, 0, 0, 0, 0], [1, B, H, S, Dh]), [B, H, S, Dh]);
  return { query: part(0), key: part(1), value: part(2) };
}

/** Queries of some rows; keys and values of all. */
function projectApart(
  context: ModelContext,
  { rows, perSequence: T }: Queries,
  x: GraphNode,
  name: string,
  { batch: B, length: S }: Geometry,
): Heads {
  const { modelDim: D } = context.model;
  const [H, Dh] = headsOf(context);
  const [weight, bias] = inputProjection(context, name);
  const query = affine(context, rows, slice(weight, [0, 0], [D, D]), slice(bias, [0], [D])); // [N*T, D]
  const others = affine(context, x, slice(weight, [D, 0], [2 * D, D]), slice(bias, [D], [2 * D])); // [N*S, 2D]
  const byHead = transpose(reshape(others, [B, S, 2, H, Dh]), [2, 0, 3, 1, 4]); // [2, B, H, S, Dh]
  const part = (i: number): GraphNode => reshape(slice(byHead, [i, 0, 0, 0, 0], [1, B, H, S, Dh]), [B, H, S, Dh]);
  return { query: transpose(reshape(query, [B, T, H, Dh]), [0, 2, 1, 3]), key: part(0), value: part(1) };
}

function headsOf({ model }: ModelContext): readonly [heads: number, headDim: number] {
  return [model.heads, model.modelDim / model.heads];
}

function inputProjection({ parameters }: ModelContext, name: string): readonly [weight: GraphNode, bias: GraphNode] {
  return [parameters.get(`${name}.in_proj_weight`), parameters.get(`${name}.in_proj_bias`)];
}
