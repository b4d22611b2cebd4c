import { z } from 'zod';
import { RunId, RunSummary } from '../run-views.ts';
import { WireNumber } from '../wire-number.ts';
import { OfRun } from './values.ts';

const CheckpointView = z.strictObject({
  /** "latest", "best-<metric>" or "step-<step>". */
  kind: z.string(),
  step: z.int().min(0),
  examplesSeen: z.int().min(0),
  bytes: z.number().min(0),
  sha256: z.string(),
  scores: z.record(z.string(), WireNumber),
  savedAtMs: z.number(),
});
export type CheckpointView = z.infer<typeof CheckpointView>;

export const CHECKPOINT_REQUESTS = {
  'checkpoints.list': { body: OfRun, answer: z.array(CheckpointView) },
  /** Writes model.safetensors, config.json, tokenizer files and a model card into a new folder on the host. */
  'checkpoints.export': {
    body: z.strictObject({
      runId: RunId,
      checkpoint: z.string().min(1).max(128),
      /**
       * A folder that does not exist yet, in one that does; a relative one lies in "exports" of the home folder.
       * Named after run and checkpoint when left out.
       */
      folder: z.string().min(1).max(4096).optional(),
    }),
    answer: z.strictObject({
      folder: z.string(),
      files: z.array(z.strictObject({ name: z.string(), bytes: z.number(), sha256: z.string() })),
    }),
  },
  /** A run of preset "imported" that stands for an exported folder's weights: others start from it. */
  'checkpoints.import': { body: z.strictObject({ folder: z.string().min(1).max(4096) }), answer: RunSummary },
} as const;

export const CHECKPOINT_EVENTS = {
  /** A checkpoint was written; the run's former one of this kind is replaced. */
  'checkpoint.saved': z.strictObject({ runId: RunId, checkpoint: CheckpointView }),
} as const;
