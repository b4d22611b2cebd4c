import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Beside the files of a tokenizer; other tools pass it over. */
export const ABOUT_FILE = 'about.json';

/** Where a tokenizer came from. */
export const TokenizerAbout = z.object({
  made: z.enum(['trained', 'imported']),
  atMs: z.number(),
  sources: z.array(z.string()),
  /** Of a training. */
  training: z
    .object({
      vocabularySize: z.int(),
      minFrequency: z.int(),
      articles: z.int(),
      /** Distinct words that were counted. */
      words: z.int(),
      /** Occurrences of the rarest words, left out to bound memory. */
      droppedWords: z.int(),
    })
    .optional(),
});
export type TokenizerAbout = z.infer<typeof TokenizerAbout>;

/** Undefined where nothing (or nothing that can be read) was written down. */
export async function readTokenizerAbout(folder: string): Promise<TokenizerAbout | undefined> {
  try {
    return TokenizerAbout.parse(JSON.parse(await readFile(join(folder, ABOUT_FILE), 'utf8')));
  } catch {
    return undefined;
  }
}
