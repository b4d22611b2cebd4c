import { z } from 'zod';

/**
 * A corpus on disk: `tokens.bin` (ids, 2 or 4 bytes each, article after article), `lengths.bin` (code points from each
 * token's begin to the next one's, 1 byte; 255 stands for an entry of `longTokens`), `articles.bin` (per article two
 * float64: first token, first code point; then both totals) and `corpus.json`.
 */
export const CORPUS_FILES = {
  tokens: 'tokens.bin',
  lengths: 'lengths.bin',
  articles: 'articles.bin',
  info: 'corpus.json',
} as const;

/** Lengths from here on are kept apart. */
export const LONG_TOKEN = 255;

export const CorpusInfo = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  source: z.string(),
  importedAtMs: z.number(),
  /** SHA-256 of the tokenizer's vocabulary and merges: another tokenizer makes the ids meaningless. */
  tokenizer: z.string(),
  tokenizerFolder: z.string(),
  vocabularySize: z.int().min(1),
  bytesPerToken: z.literal([2, 4]),
  articles: z.int().min(1),
  tokens: z.int().min(1),
  /** Code points. */
  characters: z.int().min(1),
  /** Left out because their title had come before. */
  duplicateTitles: z.int().min(0),
  /** Left out because they held no text; early imports did not count them. */
  emptyArticles: z.int().min(0).default(0),
  /** [token, code points] of tokens of 255 code points or more. */
  longTokens: z.array(z.tuple([z.int().min(0), z.int().min(LONG_TOKEN)])),
});
export type CorpusInfo = z.infer<typeof CorpusInfo>;
