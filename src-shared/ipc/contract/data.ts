import { z } from 'zod';
import { DATA_NAME_RANGE, isDataName } from '../../config/data-name.ts';
import { RunStatus } from '../../run/run-status.ts';
import {
  ArticlePage,
  CORPUS_PARTS,
  DATA_SPLITS,
  DataProgress,
  EncodedText,
  ExamplePage,
  VocabularyPage,
} from '../data-protocol.ts';
import { RunId } from '../run-views.ts';
import { WireError } from '../wire-error.ts';
import { NoBody } from './values.ts';

export const DATA_KINDS = ['corpus', 'superglue', 'tokenizer'] as const;
export type DataKind = (typeof DATA_KINDS)[number];

const DataName = z.string().refine(isDataName, `expected ${DATA_NAME_RANGE}`);
const HostPath = z.string().min(1).max(4096);

/** Examples of a split that is there (MultiRC: answers, ReCoRD: queries), and of the official one. */
const SplitView = z.strictObject({ examples: z.int().min(0), official: z.int().min(0).nullable() });

/** Runs that were made to read a set. */
const DataUse = z.strictObject({
  runs: z.int().min(0),
  /** Of them, those that wait or work: the set can't be deleted before they end. */
  active: z.int().min(0),
  /** Some of them, active ones first, then the newest. */
  shown: z.array(z.strictObject({ runId: RunId, name: z.string(), status: RunStatus })),
});
export type DataUse = z.infer<typeof DataUse>;

const stored = {
  name: z.string(),
  folder: z.string(),
  bytes: z.number().min(0),
  madeAtMs: z.number(),
  use: DataUse,
};

const CorpusView = z.strictObject({
  ...stored,
  source: z.string(),
  articles: z.int().min(0),
  tokens: z.int().min(0),
  /** Code points. */
  characters: z.int().min(0),
  /** What was left out on the way in, in words: "empty articles" -> 12. */
  leftOut: z.record(z.string(), z.int().min(0)),
  tokenizer: z.strictObject({
    /** Whether runs can read the corpus: its tokenizer is there as it was, is another one by now, or is gone. */
    state: z.enum(['same', 'changed', 'missing']),
    /** A tokenizer of this home that is the same; null where there is none. */
    name: z.string().nullable(),
    folder: z.string(),
    entries: z.int().min(1),
  }),
});
export type CorpusView = z.infer<typeof CorpusView>;

const SuperGlueView = z.strictObject({
  ...stored,
  source: z.string(),
  /** In the benchmark's order; what the set has not is left out. */
  tasks: z.array(
    z.strictObject({
      task: z.string(),
      train: SplitView.nullable(),
      validation: SplitView.nullable(),
      test: SplitView.nullable(),
      /** What is worth knowing: other sizes than the official ones, oddities of the rows. */
      notes: z.array(z.string()),
    }),
  ),
  /** Tasks that are missing, files that were passed over. */
  notes: z.array(z.string()),
});
export type SuperGlueView = z.infer<typeof SuperGlueView>;

const TokenizerView = z.strictObject({
  ...stored,
  /** Null where it was made before that was written down. */
  source: z.string().nullable(),
  entries: z.int().min(1),
  merges: z.int().min(0),
  /** Corpora of this home that were imported with it. */
  corpora: z.array(z.string()),
});
export type TokenizerView = z.infer<typeof TokenizerView>;

const DataList = z.strictObject({
  directory: z.string(),
  freeBytes: z.number(),
  corpora: z.array(CorpusView),
  superglue: z.array(SuperGlueView),
  tokenizers: z.array(TokenizerView),
  /** Encoded SuperGLUE examples: runs make them again where they are not there. */
  cache: z.strictObject({ folder: z.string(), files: z.int().min(0), bytes: z.number().min(0) }),
  /** Folders that hold no set that can be read. */
  damaged: z.array(
    z.strictObject({
      kind: z.enum(DATA_KINDS),
      name: z.string(),
      folder: z.string(),
      bytes: z.number(),
      reason: z.string(),
    }),
  ),
});
export type DataList = z.infer<typeof DataList>;

/** What a person asks for; paths are of the host. */
export const DataWish = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('import-corpus'), name: DataName, source: HostPath, tokenizer: DataName }),
  /** `partial` takes tasks that lack a split. */
  z.strictObject({ kind: z.literal('import-superglue'), name: DataName, source: HostPath, partial: z.boolean() }),
  z.strictObject({
    kind: z.literal('train-tokenizer'),
    name: DataName,
    sources: z.array(HostPath).min(1).max(100),
    vocabularySize: z.int().min(289).max(1_000_000),
    minFrequency: z.int().min(1).max(1_000_000),
  }),
  z.strictObject({ kind: z.literal('import-tokenizer'), name: DataName, source: HostPath }),
  z.strictObject({ kind: z.literal('add-sample') }),
]);
export type DataWish = z.infer<typeof DataWish>;

const DataJob = z.strictObject({
  jobId: z.string(),
  wish: DataWish,
  state: z.enum(['waiting', 'running', 'cancelling', 'done', 'cancelled', 'failed']),
  askedAtMs: z.number(),
  startedAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  progress: DataProgress.nullable(),
  /** Expected; null while nothing is known. */
  secondsLeft: z.number().min(0).nullable(),
  /** Why it failed. */
  error: WireError.nullable(),
});
export type DataJob = z.infer<typeof DataJob>;

const OfJob = z.strictObject({ jobId: z.string().max(64) });
const Page = { from: z.int().min(0), count: z.int().min(1).max(200) };

const FolderView = z.strictObject({
  path: z.string(),
  /** Null at the top. */
  parent: z.string().nullable(),
  /** Folders first, each in the order of their names; hidden ones are left out. */
  entries: z.array(
    z.strictObject({ name: z.string(), path: z.string(), isFolder: z.boolean(), bytes: z.number().nullable() }),
  ),
  /** Entries beyond those. */
  more: z.int().min(0),
});
export type FolderView = z.infer<typeof FolderView>;

export const DATA_REQUESTS = {
  'data.list': { body: NoBody, answer: DataList },
  /** Newest first; those that ended stay until they are dismissed. */
  'data.jobs': { body: NoBody, answer: z.array(DataJob) },
  /** Errors name the field they are about in `details.field`. */
  'data.start': { body: DataWish, answer: DataJob },
  'data.cancel': { body: OfJob, answer: DataJob },
  /** Takes a job that ended out of the list. */
  'data.dismiss': { body: OfJob, answer: z.array(DataJob) },
  'data.delete': {
    body: z.strictObject({ kind: z.enum(DATA_KINDS), name: z.string().min(1).max(255) }),
    answer: z.strictObject({ freedBytes: z.number() }),
  },
  /** Removes encoded examples; runs that are at work go on. */
  'data.clearCache': { body: NoBody, answer: z.strictObject({ freedBytes: z.number().min(0) }) },
  'data.articles': {
    body: z.strictObject({ corpus: DataName, part: z.enum(CORPUS_PARTS), ...Page }),
    answer: ArticlePage,
  },
  'data.examples': {
    body: z.strictObject({ superglue: DataName, task: z.string().max(32), split: z.enum(DATA_SPLITS), ...Page }),
    answer: ExamplePage,
  },
  'data.vocabulary': {
    body: z.strictObject({ tokenizer: DataName, search: z.string().max(200), ...Page }),
    answer: VocabularyPage,
  },
  'data.encode': { body: z.strictObject({ tokenizer: DataName, text: z.string().max(20_000) }), answer: EncodedText },
  /** A folder of the host to choose from; the person's own where none is named. */
  'data.folder': { body: z.strictObject({ path: HostPath.optional() }), answer: FolderView },
} as const;

export const DATA_EVENTS = {
  /** As `data.jobs` answers. */
  'data.jobsChanged': z.array(DataJob),
  /** A set was made or deleted, or the cache cleared: the list is to be read again. */
  'data.changed': NoBody,
} as const;
