import { z } from 'zod';
import { RunConfig } from '../config/run-config.ts';

// Taking a model away and in again, as main process and engine process say it; see engine-protocol.ts.

const AnyNumber = z.custom<number>((value) => typeof value === 'number', 'expected a number');
const Scores = z.record(z.string(), AnyNumber);

/** Writes a checkpoint as a folder of files for other tools. */
export const ExportRequest = z.strictObject({
  /** The checkpoint's JSON file, or the folder of a kind for the newest in it: a running run replaces that one. */
  checkpoint: z.string(),
  /** The folder to make, in one that exists; or the one to make a folder in that is named after run and checkpoint. */
  out: z.union([z.strictObject({ folder: z.string() }), z.strictObject({ inside: z.string() })]),
  /** What the model card says beside the checkpoint's own facts. */
  run: z.strictObject({
    runId: z.string(),
    name: z.string(),
    preset: z.string().nullable(),
    status: z.string(),
    notes: z.string(),
    createdAtMs: z.number(),
    executor: z.string().nullable(),
    /** The run whose weights it began with. */
    parentRunId: z.string().nullable(),
    /** Results of a finished run by name ("test.latest.accuracy"). */
    results: Scores,
  }),
});
export type ExportRequest = z.infer<typeof ExportRequest>;

export const ExportResult = z.strictObject({
  /** Of the checkpoint that was read. */
  kind: z.string(),
  step: z.int().min(0),
  folder: z.string(),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().min(0), sha256: z.string() })),
});
export type ExportResult = z.infer<typeof ExportResult>;

/** Checks an exported folder and writes its weights as the latest checkpoint of a new run. */
export const ImportRequest = z.strictObject({
  folder: z.string(),
  runId: z.string(),
  checkpointDirectory: z.string(),
});
export type ImportRequest = z.infer<typeof ImportRequest>;

export const ImportResult = z.strictObject({
  /** Name of the run that was exported, and its id. */
  name: z.string(),
  fromRunId: z.string(),
  fromKind: z.string(),
  config: RunConfig,
  checkpoint: z.strictObject({
    step: z.int().min(0),
    examplesSeen: z.int().min(0),
    file: z.string(),
    bytes: z.int().min(0),
    sha256: z.string(),
    scores: Scores,
  }),
});
export type ImportResult = z.infer<typeof ImportResult>;
