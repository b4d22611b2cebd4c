import { z } from 'zod';
import { APP_ERROR_CODES, AppError } from '../../src-shared/app-error.ts';
import type { RunExecutor, RunProgress, Scores, StoredError } from '../../src-shared/run/records.ts';
import {
  decodeNumber,
  decodeScores,
  encodeNumber,
  encodeScores,
  JsonNumber,
} from '../../src-shared/run/number-json.ts';

// JSON texts in columns. What is read was written by this program, but perhaps by another version or a person's hand.

const ScoresColumn = z.record(z.string(), JsonNumber);
const BestScoresColumn = z.record(z.string(), z.object({ value: z.number(), step: z.int() }));
const TagsColumn = z.array(z.string());
const DetailsColumn = z.record(z.string(), z.unknown());
const ErrorColumn = z.object({ code: z.enum(APP_ERROR_CODES), message: z.string(), details: DetailsColumn });
const ProgressColumn = z.object({
  step: z.int(),
  totalSteps: z.int(),
  examplesSeen: z.int(),
  totalExamples: z.int(),
  samplesPerSecond: z.number(),
});
const ExecutorColumn = z.object({
  name: z.string(),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
  reason: z.string(),
});

function read<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('file/invalid', `The registry holds ${what} that is not JSON.`, { what }, error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'file/invalid',
    `The registry holds ${what} of an unknown form: ${z.prettifyError(parsed.error)}`,
    { what },
  );
}

export const writeScores = (scores: Scores): string => JSON.stringify(encodeScores(scores));
export const readScores = (text: string): Record<string, number> => decodeScores(read(ScoresColumn, text, 'scores'));

export type BestScores = z.infer<typeof BestScoresColumn>;
export const readBestScores = (text: string): BestScores => read(BestScoresColumn, text, 'best scores');

export const readTags = (text: string): string[] => read(TagsColumn, text, 'tags');
export const readDetails = (text: string): Record<string, unknown> => read(DetailsColumn, text, 'details of an event');

export const readError = (text: string): StoredError => read(ErrorColumn, text, 'an error');
export const readProgress = (text: string): RunProgress => read(ProgressColumn, text, 'the progress of a run');
export const readExecutor = (text: string): RunExecutor => read(ExecutorColumn, text, 'the executor of a run');

export const writeNumber = (value: number): string => JSON.stringify(encodeNumber(value));
export const readNumber = (text: string): number => decodeNumber(read(JsonNumber, text, 'a number'));
