import { z } from 'zod';

// Making data sets and looking into them, as main process and engine process say it; see engine-protocol.ts.

/** What of the data is made in an engine process of its own: paths are absolute, `folder` must not be there yet. */
export const DataJobRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('import-corpus'),
    source: z.string(),
    tokenizerFolder: z.string(),
    folder: z.string(),
    nowMs: z.number(),
  }),
  z.strictObject({
    kind: z.literal('import-superglue'),
    source: z.string(),
    /** Takes tasks that lack a split. */
    partial: z.boolean(),
    folder: z.string(),
    nowMs: z.number(),
  }),
  z.strictObject({
    kind: z.literal('train-tokenizer'),
    sources: z.array(z.string()).min(1),
    vocabularySize: z.int().min(1),
    minFrequency: z.int().min(1),
    folder: z.string(),
    nowMs: z.number(),
  }),
  z.strictObject({ kind: z.literal('import-tokenizer'), source: z.string(), folder: z.string(), nowMs: z.number() }),
  /** The small text, tokenizer and SuperGLUE set that the program ships. */
  z.strictObject({ kind: z.literal('add-sample'), dataDirectory: z.string() }),
]);
export type DataJobRequest = z.infer<typeof DataJobRequest>;

export const DataProgress = z.strictObject({
  /** What is being done, e.g. "counting words". */
  phase: z.string(),
  /** Of the whole work, 0..1. */
  share: z.number().min(0).max(1),
  bytesRead: z.number().min(0),
  /** 0 while nothing is known. */
  bytesTotal: z.number().min(0),
  /** What was found so far, in words: "articles" -> 1200. */
  counts: z.record(z.string(), z.number().min(0)),
});
export type DataProgress = z.infer<typeof DataProgress>;

const Page = { from: z.int().min(0), count: z.int().min(1).max(500) };

export const CORPUS_PARTS = ['all', 'train', 'held-out'] as const;
export const DATA_SPLITS = ['train', 'validation', 'test'] as const;
export type DataSplit = (typeof DATA_SPLITS)[number];

/** A look into what was made; answered by an engine process that goes on answering. */
export const DataQuery = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('articles'),
    folder: z.string(),
    tokenizerFolder: z.string(),
    part: z.enum(CORPUS_PARTS),
    /** Which articles are held out: as runs choose them. */
    heldOut: z.int().min(0),
    seed: z.int().min(0),
    /** Tokens shown of an article. */
    tokens: z.int().min(1).max(2000),
    ...Page,
  }),
  z.strictObject({
    kind: z.literal('examples'),
    folder: z.string(),
    task: z.string(),
    split: z.enum(DATA_SPLITS),
    ...Page,
  }),
  z.strictObject({ kind: z.literal('vocabulary'), folder: z.string(), search: z.string(), ...Page }),
  z.strictObject({ kind: z.literal('encode'), folder: z.string(), text: z.string() }),
]);
export type DataQuery = z.infer<typeof DataQuery>;

/** One or more tokens that together spell whole characters. */
export const TokenPiece = z.strictObject({ ids: z.array(z.int().min(0)).min(1), text: z.string() });
export type TokenPiece = z.infer<typeof TokenPiece>;

export const ArticlePage = z.strictObject({
  /** Articles of this part. */
  total: z.int().min(0),
  rows: z.array(
    z.strictObject({
      /** Its number in the corpus. */
      article: z.int().min(0),
      isHeldOut: z.boolean(),
      tokens: z.int().min(0),
      /** Code points. */
      characters: z.int().min(0),
      /** Its beginning. */
      pieces: z.array(TokenPiece),
    }),
  ),
});
export type ArticlePage = z.infer<typeof ArticlePage>;

export const ExamplePage = z.strictObject({
  /** Examples of the split. */
  total: z.int().min(0),
  rows: z.array(
    z.strictObject({
      idx: z.int().min(0),
      a: z.string(),
      b: z.string(),
      /** Null where the split has no labels; answers for a task that marks spans. */
      label: z.string().nullable(),
    }),
  ),
});
export type ExamplePage = z.infer<typeof ExamplePage>;

export const VocabularyPage = z.strictObject({
  /** Entries that were found. */
  total: z.int().min(0),
  rows: z.array(
    z.strictObject({
      id: z.int().min(0),
      /** In printable bytes, as vocab.json has it. */
      token: z.string(),
      /** What it spells; U+FFFD stands for a part of a character. */
      text: z.string(),
    }),
  ),
});
export type VocabularyPage = z.infer<typeof VocabularyPage>;

export const EncodedText = z.strictObject({
  tokens: z.array(
    z.strictObject({
      id: z.int().min(0),
      token: z.string(),
      /** [start, end) in the text, Unicode code points. */
      start: z.int().min(0),
      end: z.int().min(0),
    }),
  ),
});
export type EncodedText = z.infer<typeof EncodedText>;
