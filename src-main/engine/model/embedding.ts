import {
  add,
  broadcastTo,
  cast,
  concat,
  equal,
  gather,
  matmul,
  mul,
  reshape,
  select,
  slice,
  stopGradient,
} from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { layerNorm } from './layer-norm.ts';
import type { Geometry, ModelContext } from './model-context.ts';
import { POSITION_EMBEDDING, TOKEN_EMBEDDING } from './parameter-layout.ts';

/** Added to attention scores at padding keys: exp() of anything this far below the row's maximum is exactly 0. */
const MASKED_SCORE = -1e9;

/** Token ids [B, S] of all groups. */
export interface TokenInput {
  readonly ids: GraphNode;
  /** Whether PAD (id 0) can occur; saying no saves the masks. */
  readonly mayPad: boolean;
  /** Ids [B, S] whose PAD positions are the padding keys; `ids` itself when left out. */
  readonly keys?: GraphNode;
}

/** [B, 1, 1, S]: a large negative number where a key is PAD, else 0; undefined when there is no padding. */
export function paddingKeyBias(input: TokenInput): GraphNode | undefined {
  if (!input.mayPad) return undefined;
  const [B = 0, S = 0] = input.ids.shape;
  return reshape(mul(cast(equal(input.keys ?? input.ids, 0), 'float32'), MASKED_SCORE), [B, 1, 1, S]);
}

/** Adds positions, then LayerNorm (post-norm only) and dropout. `tokens` [...C, N*S, D]. */
function finish(context: ModelContext, tokens: GraphNode, geometry: Geometry): GraphNode {
  const { model, parameters } = context;
  const { modelDim: D } = model;
  const { batch: N, length: S } = geometry;
  const C = parameters.groups;
  const table = parameters.get(POSITION_EMBEDDING);
  const positions =
    C === undefined ? slice(table, [0, 0], [S, D]) : reshape(slice(table, [0, 0, 0], [C, S, D]), [C, 1, S, D]);
  const perSequence = reshape(tokens, C === undefined ? [N, S, D] : [C, N, S, D]);
  const embedded = reshape(add(perSequence, positions), tokens.shape);
  const normed = model.preNorm ? embedded : layerNorm(context, embedded, 'embed.layer_norm');
  return context.dropout?.apply(normed, 'hidden') ?? normed;
}

/** Looked-up ids -> [...C, N*S, D]. The padding row gets no gradient through the look-up. */
export function embedTokens(context: ModelContext, input: TokenInput, geometry: Geometry): GraphNode {
  const { modelDim: D, vocabularySize: V } = context.model;
  const { groups: C } = context.parameters;
  const weight = context.parameters.get(TOKEN_EMBEDDING); // [...C, V, D]
  const R = geometry.batch * geometry.length;
  const flatIds = reshape(input.ids, C === undefined ? [R] : [C, R]);
  const rowIds = C === undefined ? flatIds : add(flatIds, groupOffsets(flatIds, C, V));
  const looked = gather(C === undefined ? weight : reshape(weight, [C * V, D]), rowIds); // [...C, R, D]
  if (!input.mayPad) return finish(context, looked, geometry);
  const padRow = stopGradient(C === undefined ? slice(weight, [0, 0], [1, D]) : slice(weight, [0, 0, 0], [C, 1, D]));
  const isPadding = reshape(equal(flatIds, 0), C === undefined ? [R, 1] : [C, R, 1]);
  return finish(context, select(isPadding, padRow, looked), geometry);
}

/** Group g's first row, g*V, in the joined table [C*V, D]: [C, 1]. */
function groupOffsets(beside: GraphNode, C: number, V: number): GraphNode {
  return beside.graph.apply('constant', [], {
    values: Array.from({ length: C }, (_unused, g) => g * V),
    shape: [C, 1],
    dtype: 'int32',
  });
}

/** Token probabilities [...C, N*S, V] times the embedding matrix, whose padding row is detached. */
export function embedProbabilities(context: ModelContext, probabilities: GraphNode, geometry: Geometry): GraphNode {
  const { modelDim: D, vocabularySize: V } = context.model;
  const C = context.parameters.groups;
  const weight = context.parameters.get(TOKEN_EMBEDDING);
  const detached =
    C === undefined
      ? concat([stopGradient(slice(weight, [0, 0], [1, D])), slice(weight, [1, 0], [V - 1, D])], 0)
      : concat([stopGradient(slice(weight, [0, 0, 0], [C, 1, D])), slice(weight, [0, 1, 0], [C, V - 1, D])], 1);
  return finish(context, matmul(probabilities, detached, { precision: context.precision }), geometry);
}

/** One set of weights copied for C groups, [P] -> [C, P]. */
export const repeatForGroups = (flat: GraphNode, C: number): GraphNode => broadcastTo(flat, [C, flat.shape[0] ?? 0]);
