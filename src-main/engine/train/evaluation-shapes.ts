import type { BatchShapes } from '../data/training-data.ts';
import type { EvaluationShape } from '../objectives/options.ts';

/** Rows are evaluated at multiples of this many positions, so that short ones don't pay for the longest. */
const LENGTH_STEP = 32;

/** Sizes of evaluations of labeled examples by ascending length: of about the same number of positions each. */
export function evaluationShapes({ labeledLength, evaluationRows }: BatchShapes): readonly EvaluationShape[] {
  const lengths = [];
  for (let length = LENGTH_STEP; length < labeledLength; length += LENGTH_STEP) lengths.push(length);
  const positions = evaluationRows * labeledLength;
  return [...lengths, labeledLength].map((length) => ({ rows: Math.floor(positions / length), length }));
}
