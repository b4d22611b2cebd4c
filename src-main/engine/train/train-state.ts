import { z } from 'zod';
import { AppError } from '../../../src-shared/app-error.ts';
import { shortProblems } from '../../../src-shared/short-problems.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';

const ScoreAtStep = z.strictObject({ value: z.number(), step: z.int().min(0) });
const IntervalEntry = z.strictObject({ sum: z.number(), count: z.int().min(0), nonFinite: z.int().min(0) });

/**
 * All of a training's state that is not a variable of its program: with the variables, what a checkpoint must hold
 * so that a resumed run repeats an uninterrupted one bit for bit. Data order, dropout and samples need nothing here:
 * they are functions of (seed, stream, step, index).
 */
export const TrainState = z.strictObject({
  /** Optimizer steps done; micro-step index = step · G. */
  step: z.int().min(0),
  /** The steps' last bits depend on these, so a resume must use the same. */
  executor: z.string(),
  device: z.string(),
  best: z.record(z.string(), ScoreAtStep),
  /** Finite scores of the last evaluation on the validation split. */
  scores: z.record(z.string(), z.number()),
  /** Sums of the logging interval that is under way. */
  interval: z.record(z.string(), IntervalEntry),
  /** Steps in a row, up to now, whose loss was not finite. */
  nonFiniteStreak: z.int().min(0),
  /** Steps so far with a loss that was not finite. */
  nonFiniteSteps: z.int().min(0),
});
export type TrainState = z.infer<typeof TrainState>;

/** @throws AppError checkpoint/invalid */
export function parseTrainState(value: unknown, file: string): TrainState {
  const result = TrainState.safeParse(value);
  if (result.success) return result.data;
  throw new AppError(
    'checkpoint/invalid',
    `${file} does not hold the state of a training: ${shortProblems(result.error)}. Take another checkpoint of the run.`,
    { file },
  );
}

/** How long a run is. Draws that do not fill a whole optimizer step at the end are not trained on. */
export function runLength(config: RunConfig): { totalSteps: number; examplesPerStep: number; totalExamples: number } {
  const { batchSize, accumulation, epochSize, epochs } = config.training;
  const examplesPerStep = batchSize * accumulation;
  const totalSteps = Math.max(1, Math.floor((epochSize * epochs) / examplesPerStep));
  return { totalSteps, examplesPerStep, totalExamples: totalSteps * examplesPerStep };
}

/** Whether a multiple of `every` lies in (before, now]; never where `every` is 0. */
export function crosses(every: number, before: number, now: number): boolean {
  return every > 0 && Math.floor(before / every) !== Math.floor(now / every);
}

/** Whether the step after `step` steps measures h for the log; what the samplers must then prepare for it. */
export function stepMeasuresFeedback(config: RunConfig, step: number): boolean {
  const { examplesPerStep } = runLength(config);
  const every = config.training.feedbackEveryExamples;
  return config.objective === 'mlm' && crosses(every, step * examplesPerStep, (step + 1) * examplesPerStep);
}
