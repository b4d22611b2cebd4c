import type { GraphNode } from '../graph/types.ts';
import { embedProbabilities, embedTokens, paddingKeyBias, type TokenInput } from './embedding.ts';
import { encoder } from './encoder.ts';
import type { Geometry, ModelContext, WantedRows } from './model-context.ts';

/** Token ids [B, S] -> what the LM heads read, [...C, N*S, D], or its wanted rows [N*T, D]. */
export function encodeTokens(
  context: ModelContext,
  input: TokenInput,
  geometry: Geometry,
  wanted?: WantedRows,
): GraphNode {
  return encoder(context, embedTokens(context, input, geometry), geometry, paddingKeyBias(input), wanted);
}

/** Token probabilities [...C, N*S, V] (a soft student's input); `padding` says where the text they stand for is PAD. */
export function encodeProbabilities(
  context: ModelContext,
  probabilities: GraphNode,
  padding: TokenInput,
  geometry: Geometry,
): GraphNode {
  return encoder(context, embedProbabilities(context, probabilities, geometry), geometry, paddingKeyBias(padding));
}
