import { z } from 'zod';
import { AppError } from '../../../src-shared/app-error.ts';
import { RunConfig } from '../../../src-shared/config/run-config.ts';
import { shortProblems } from '../../../src-shared/short-problems.ts';
import { JsonNumber } from '../../../src-shared/run/number-json.ts';

/** Of the JSON file; raised when its meaning changes. */
export const CHECKPOINT_FORMAT = 1;

const NamedShape = z.object({ name: z.string(), shape: z.array(z.int().min(0)) });

/** What a checkpoint's JSON file holds: everything but the tensors, and which file those are in. */
export const CheckpointHeader = z.object({
  format: z.literal(CHECKPOINT_FORMAT),
  runId: z.string(),
  /** "latest", "best-<metric>" or "step-<step>". */
  kind: z.string(),
  config: RunConfig,
  /** Optimizer steps, micro-steps and examples done. */
  step: z.int().min(0),
  microStep: z.int().min(0),
  examplesSeen: z.int().min(0),
  executor: z.string(),
  device: z.string(),
  /** Of the last evaluation before this checkpoint. */
  scores: z.record(z.string(), JsonNumber),
  /** The trainer's own state (best scores, the open logging interval, …), which it checks itself. */
  state: z.unknown(),
  /** Names and shapes inside the flat parameter vectors, by model. */
  layouts: z.record(z.string(), z.array(NamedShape)),
  tensors: z.object({
    /** In the same folder. */
    file: z.string().regex(/^[\w.-]+$/),
    bytes: z.int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});
export type CheckpointHeader = z.infer<typeof CheckpointHeader>;

const Format = z.object({ format: z.number() });

/** @throws AppError checkpoint/invalid */
export function parseCheckpointHeader(text: string, file: string): CheckpointHeader {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidCheckpoint(file, `it is not JSON (${error instanceof Error ? error.message : String(error)})`, error);
  }
  const format = Format.safeParse(value);
  if (format.success && format.data.format > CHECKPOINT_FORMAT) {
    throw invalidCheckpoint(
      file,
      `it has format ${format.data.format}, this program reads ${CHECKPOINT_FORMAT}; update the program`,
    );
  }
  const parsed = CheckpointHeader.safeParse(value);
  if (!parsed.success) throw invalidCheckpoint(file, shortProblems(parsed.error));
  return parsed.data;
}

export function invalidCheckpoint(file: string, problem: string, cause?: unknown): AppError {
  return new AppError(
    'checkpoint/invalid',
    `${file} is not a usable checkpoint: ${problem}. Take another checkpoint of the run.`,
    { file, problem },
    cause,
  );
}
