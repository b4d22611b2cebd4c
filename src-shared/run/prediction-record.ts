import { z } from 'zod';
import { JsonNumber } from './number-json.ts';

const Label = z.union([z.string(), z.number(), z.boolean()]);

/**
 * One line of a details file: an example, what a model says of it and what is right. Lines are in the order of the split.
 */
export const PredictionRecord = z.strictObject({
  /** The example's number in its split, as in the submission (MultiRC: the answer's, ReCoRD: the query's). */
  idx: z.int().min(0),
  /** MultiRC: the question's number, which its answers share. */
  group: z.int().min(0).optional(),
  /** The input texts as the model reads them, markers (`*`) included. */
  a: z.string(),
  b: z.string(),
  /** The right label, or all the texts that answer a query (ReCoRD); absent in splits without labels. */
  target: z.union([Label, z.array(z.string())]).optional(),
  /** The label that the model gives; ReCoRD: a text, "" where it marks none. */
  prediction: Label,
  /** Whether the prediction counts as right (ReCoRD: exact match after normalisation); absent without a target. */
  isRight: z.boolean().optional(),
  /** ReCoRD: best word F1 over the answers, 0..1; absent elsewhere and without a target. */
  f1: z.number().min(0).max(1).optional(),
  /** By label as text ("true", "0", "entailment"), in the task's order: mean logit of its token. Empty for ReCoRD. */
  labelScores: z.record(z.string(), JsonNumber),
  /** ReCoRD: log-probability of the most probable token of the answer, nats; absent elsewhere and where none is marked. */
  logProbability: JsonNumber.optional(),
});
export type PredictionRecord = z.infer<typeof PredictionRecord>;
