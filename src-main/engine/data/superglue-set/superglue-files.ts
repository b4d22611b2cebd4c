import { z } from 'zod';

/** A set on disk: `superglue.json`, and per task a folder with its splits as they came. */
export const SUPERGLUE_INFO = 'superglue.json';

/** Splits by the names of their files. */
export const DISK_SPLITS = ['train', 'val', 'test'] as const;
export type DiskSplit = (typeof DISK_SPLITS)[number];

export const splitFile = (split: DiskSplit): string => `${split}.jsonl`;

const Count = z.int().min(0);

const SplitInfo = z.strictObject({
  /** Lines that hold something (MultiRC, ReCoRD: passages). */
  rows: Count,
  /** What is predicted and scored (MultiRC: answers, ReCoRD: queries). */
  examples: Count,
  bytes: Count,
  sha256: z.string(),
  /** Examples of the official split; null where there is none. */
  official: Count.nullable(),
  /** Of every 256th row, the first included: where it begins (bytes), and the examples before it. */
  index: z.array(z.tuple([Count, Count])),
});
export type SplitInfo = z.infer<typeof SplitInfo>;

const TaskInfo = z.strictObject({
  splits: z.strictObject({ train: SplitInfo.optional(), val: SplitInfo.optional(), test: SplitInfo.optional() }),
  /** What is worth knowing: other sizes than the official ones, oddities of the rows. */
  notes: z.array(z.string()),
});
export type TaskInfo = z.infer<typeof TaskInfo>;

export const SuperGlueInfo = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  source: z.string(),
  importedAtMs: z.number(),
  /** SHA-256 over all splits' files. */
  digest: z.string(),
  /** By the task's folder. */
  tasks: z.record(z.string(), TaskInfo),
  /** Tasks that are missing, files that were passed over. */
  notes: z.array(z.string()),
});
export type SuperGlueInfo = z.infer<typeof SuperGlueInfo>;
