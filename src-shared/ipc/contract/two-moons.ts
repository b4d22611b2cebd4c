import { z } from 'zod';
import { RunId } from '../run-views.ts';

/** Checkpoints of a fine-tuning that are tested. */
export const TESTED_KINDS = ['best-accuracy', 'best-loss', 'latest'] as const;

const ResultCell = z.strictObject({
  /** Row of the report's table: what was fine-tuned, e.g. "MLM (latest)". */
  row: z.string(),
  /** Whether fine-tuning and pretraining have the report's settings, seeds and hardware aside. */
  atReport: z.boolean(),
  labels: z.int().min(2),
  /** Test accuracy x100 over the runs: mean and sample standard deviation, null for a single run. */
  mean: z.number(),
  std: z.number().nullable(),
  /** Newest first. */
  runIds: z.array(RunId).min(1),
});
export type ResultCell = z.infer<typeof ResultCell>;

export const TWO_MOONS_REQUESTS = {
  /** The first points of the unlabeled training texts of a Two Moons run, as cells of the grid; empty for other data. */
  'data.unlabeledPoints': {
    body: z.strictObject({ runId: RunId, points: z.int().min(1).max(10_000) }),
    answer: z.strictObject({ x: z.array(z.int()), y: z.array(z.int()) }),
  },
  /** Test accuracies of all finished fine-tunings on Two Moons, by what they began with and number of labels. */
  'twoMoons.results': {
    body: z.strictObject({ tested: z.enum(TESTED_KINDS) }),
    answer: z.array(ResultCell),
  },
} as const;
