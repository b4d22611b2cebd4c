import { reshape } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { linearCrossEntropy, type CrossEntropy } from '../loss/linear-cross-entropy.ts';
import type { TokenInput } from '../model/embedding.ts';
import { headHidden, headOutput } from '../model/lm-head.ts';
import type { Geometry, ModelContext, WantedRows } from '../model/model-context.ts';
import { encodeTokens } from '../model/transformer.ts';

export interface StudentLossInput {
  readonly input: TokenInput;
  /** Sequences per group and positions. */
  readonly geometry: Geometry;
  /** Target ids int32 [C*R], R = N*S, or [N*T] where T rows of each sequence are wanted. */
  readonly labels: GraphNode;
  /** float32, as long as `labels` */
  readonly rowWeights: GraphNode;
  /** The rows that carry loss: only these go through the LM head, and the last layer (ungrouped weights only). */
  readonly wanted?: WantedRows;
  readonly chunkRows?: number | undefined;
}

/** The student's weighted cross-entropy for token ids in, token ids out. */
export function studentLoss(context: ModelContext, input: StudentLossInput): CrossEntropy {
  const encoded = encodeTokens(context, input.input, input.geometry, input.wanted);
  return linearCrossEntropy({
    hidden: headHidden(context, encoded, 'head'),
    ...headOutput(context, 'head'),
    labels: reshape(input.labels, [input.labels.shape.reduce((size, dim) => size * dim, 1)]),
    rowWeights: input.rowWeights,
    precision: context.precision,
    ...(input.chunkRows !== undefined && { chunkRows: input.chunkRows }),
  });
}
