import { z } from 'zod';
import { WireNumber } from './wire-number.ts';

/**
 * A metric decimated for the screen, in columns of one entry per non-empty bucket, ascending. Bucket i covers the
 * steps [start, start + bucketSteps) where `start` is a multiple of `bucketSteps`, a power of two: appending points
 * never moves a bucket's border, and two neighbours merge into exactly one bucket of twice the width.
 */
export const DecimatedSeries = z.strictObject({
  name: z.string(),
  bucketSteps: z.int().min(1),
  start: z.array(z.int().min(0)),
  /** Over the bucket's finite values; NaN in a bucket that has none. */
  min: z.array(WireNumber),
  max: z.array(WireNumber),
  mean: z.array(WireNumber),
  finite: z.array(z.int().min(0)),
  /** How many values of the bucket are NaN or infinite. */
  nonFinite: z.array(z.int().min(0)),
});
export type DecimatedSeries = z.infer<typeof DecimatedSeries>;

/** New points of one metric, as appended. */
export const AppendedPoints = z.strictObject({
  name: z.string(),
  steps: z.array(z.int().min(0)),
  values: z.array(WireNumber),
});
export type AppendedPoints = z.infer<typeof AppendedPoints>;
