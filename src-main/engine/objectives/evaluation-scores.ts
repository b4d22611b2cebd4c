import {
  after,
  argMax,
  cast,
  concat,
  equal,
  gather,
  mul,
  neg,
  reshape,
  slice,
  sparseCrossEntropy,
  sum,
} from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { headOutput } from '../model/lm-head.ts';
import { affine } from '../model/linear.ts';
import type { ModelContext } from '../model/model-context.ts';
import type { EvaluationShape } from './options.ts';

/**
 * Scores of the label tokens at `hidden` [E*S, D], zero where not `isToken`, averaged as if rows were `paddedLength` long:
 * [E, labels]. So a row's scores don't depend on the size that it is evaluated at.
 */
export function labelScoresOf(
  context: ModelContext,
  hidden: GraphNode,
  isToken: GraphNode,
  labelTokens: readonly number[],
  { rows, length }: EvaluationShape,
  paddedLength: number,
): GraphNode {
  const { weight, bias } = headOutput(context, 'head');
  const labels = hidden.graph.apply('constant', [], {
    values: labelTokens,
    shape: [labelTokens.length],
    dtype: 'int32',
  });
  const scores = affine({ ...context, precision: 'float32' }, hidden, gather(weight, labels), gather(bias, labels));
  const kept = mul(scores, reshape(cast(isToken, 'float32'), [rows * length, 1]));
  return mul(sum(reshape(kept, [rows, length, labelTokens.length]), 1), 1 / paddedLength);
}

/** What to read off the logits of some positions. */
export interface WantedScores {
  /** Targets [R] whose cross-entropy is wanted. */
  readonly targets?: GraphNode;
  /** Whether the target is the most probable token. */
  readonly isRight?: boolean;
  /** The most probable token and its log-probability. */
  readonly marks?: boolean;
}

/** Each [R]; there is what was wanted. */
export interface PositionScores {
  /** Nats. */
  readonly crossEntropy?: GraphNode;
  /** 1 or 0. */
  readonly isRight?: GraphNode;
  readonly token?: GraphNode;
  /** Nats. */
  readonly logProbability?: GraphNode;
}

/**
 * Scores of positions [R, D] over the whole vocabulary, at most `chunkRows` positions at a time: the logits of a large
 * vocabulary fill memory.
 */
export function scorePositions(
  context: ModelContext,
  hidden: GraphNode,
  wanted: WantedScores,
  chunkRows: number | undefined,
): PositionScores {
  const [rows = 0, D = 0] = hidden.shape;
  if (chunkRows === undefined || chunkRows >= rows) return scoreChunk(context, hidden, wanted);
  const parts: PositionScores[] = [];
  for (let begin = 0; begin < rows; begin += chunkRows) {
    const count = Math.min(chunkRows, rows - begin);
    // One after the other, or all logits would be there at once.
    const chunk = after(slice(hidden, [begin, 0], [count, D]), nodesOf(parts.at(-1) ?? {}));
    const { targets } = wanted;
    parts.push(
      scoreChunk(context, chunk, { ...wanted, ...(targets && { targets: slice(targets, [begin], [count]) }) }),
    );
  }
  return joinParts(parts);
}

function scoreChunk(
  context: ModelContext,
  hidden: GraphNode,
  { targets, isRight = false, marks = false }: WantedScores,
): PositionScores {
  const { weight, bias } = headOutput(context, 'head');
  const logits = affine(context, hidden, weight, bias); // [R, V]
  const token = argMax(logits, 1);
  return {
    ...(targets && { crossEntropy: sparseCrossEntropy(logits, targets) }),
    ...(targets && isRight && { isRight: cast(equal(token, targets), 'float32') }),
    ...(marks && { token, logProbability: neg(sparseCrossEntropy(logits, token)) }),
  };
}

function nodesOf({ crossEntropy, isRight, token, logProbability }: PositionScores): GraphNode[] {
  return [crossEntropy, isRight, token, logProbability].filter((node) => node !== undefined);
}

function joinParts(parts: readonly PositionScores[]): PositionScores {
  const joined = (name: keyof PositionScores): PositionScores => {
    const nodes = parts.map((part) => part[name]).filter((node) => node !== undefined);
    return nodes.length === 0 ? {} : { [name]: concat(nodes, 0) };
  };
  return { ...joined('crossEntropy'), ...joined('isRight'), ...joined('token'), ...joined('logProbability') };
}
