import { z } from 'zod';
import { RunId } from '../run-views.ts';

/** Parts that several requests share. */
export const NoBody = z.strictObject({});
export const OfRun = z.strictObject({ runId: RunId });
export const RunIds = z.array(RunId).min(1).max(500);

/** Dotted path of a configuration field, e.g. "optimizer.learningRate". */
export const FieldPath = z.string().min(1).max(128);
export const FieldValue = z.union([z.number(), z.string().max(1000), z.boolean()]);
export type FieldValue = z.infer<typeof FieldValue>;

/** A configuration as a form has it: a preset or an existing run, and what was changed, by path. */
export const ConfigBase = z.strictObject({
  /** Exactly one of the two. */
  preset: z.string().min(1).max(128).optional(),
  /** The configuration of this run (a fork). */
  runId: RunId.optional(),
  overrides: z.record(FieldPath, FieldValue),
});
export type ConfigBase = z.infer<typeof ConfigBase>;

/** Where a new run's weights come from: a checkpoint of a run, "latest", "best-<metric>" or "step-<step>". */
export const WeightsFrom = z.strictObject({ runId: RunId, checkpoint: z.string().max(128).default('latest') });
