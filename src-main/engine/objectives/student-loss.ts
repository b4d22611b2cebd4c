import { gather, reshape } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { linearCrossEntropy, type CrossEntropy } from '../loss/linear-cross-entropy.ts';
import type { TokenInput } from '../model/embedding.ts';
import { headHidden, headOutput } from '../model/lm-head.ts';
import type { Geometry, ModelContext } from '../model/model-context.ts';
import { encodeTokens } from '../model/transformer.ts';

export interface StudentLossInput {
  readonly input: TokenInput;
  /** Sequences per group and positions. */
  readonly geometry: Geometry;
  /** Target ids int32 [C*R], R = N*S, or [K] where `positions` picks K rows. */
  readonly labels: GraphNode;
  /** float32, as long as `labels` */
  readonly rowWeights: GraphNode;
  /** int32 [K]: the rows that carry loss; only these go through the LM head (ungrouped weights only). */
  readonly positions?: GraphNode;
  readonly chunkRows?: number | undefined;
}

/** The student's weighted cross-entropy for token ids in, token ids out. */
export function studentLoss(context: ModelContext, input: StudentLossInput): CrossEntropy {
  const encoded = encodeTokens(context, input.input, input.geometry);
  const rows = input.positions === undefined ? encoded : gather(encoded, input.positions);
  return linearCrossEntropy({
    hidden: headHidden(context, rows, 'head'),
    ...headOutput(context, 'head'),
    labels: reshape(input.labels, [input.labels.shape.reduce((size, dim) => size * dim, 1)]),
    rowWeights: input.rowWeights,
    precision: context.precision,
    ...(input.chunkRows !== undefined && { chunkRows: input.chunkRows }),
  });
}
