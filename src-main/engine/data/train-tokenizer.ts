import { stat } from 'node:fs/promises';
import { AppError } from '../../../src-shared/app-error.ts';
import type { DataProgress } from '../../../src-shared/ipc/data-protocol.ts';
import { readArticles } from './corpus/read-articles.ts';
import { textFilesOf } from './corpus/text-files.ts';
import { saveTokenizer } from './tokenizer-files.ts';
import { trainBpe } from './train-bpe.ts';
import { WordCounts } from './word-counts.ts';

export interface TokenizerTraining {
  /** Text files or folders of them. */
  readonly sources: readonly string[];
  readonly vocabularySize: number;
  readonly minFrequency: number;
  /** The tokenizer's folder; must not be there yet. */
  readonly folder: string;
  readonly nowMs: number;
  readonly onProgress?: (progress: DataProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface TrainedTokenizer {
  readonly entries: number;
  readonly articles: number;
  readonly bytes: number;
  /** Distinct words. */
  readonly words: number;
  /** Occurrences of the rarest words, left out to bound memory. */
  readonly droppedWords: number;
}

export const STANDARD_VOCABULARY = 30_000;
export const STANDARD_FREQUENCY = 2;

/** Text of which counting its words takes as long as merging them. */
const EVEN_BYTES = 40e6;
/** Distinct words, and the work of merging them, grow with the text to about this power. */
const WORDS_EXPONENT = 0.6;
/** The first merges are those of the commonest pairs: so many take about as long as all that follow. */
const HALF_OF_MERGES = 1000;

/**
 * Trains a byte-level BPE tokenizer and writes it, all or nothing. Memory is bounded by the distinct words it keeps.
 * @throws AppError registry/conflict where the folder is there, input/invalid without any text, config/invalid for too
 *   small a vocabulary, cancelled; as `readArticles`
 */
export async function trainTokenizer(request: TokenizerTraining): Promise<TrainedTokenizer> {
  const { sources, vocabularySize, minFrequency, folder, nowMs, signal } = request;
  if ((await stat(folder).catch(() => undefined)) !== undefined) {
    throw new AppError('registry/conflict', `${folder} is there already; choose another name or delete it first.`, {
      folder,
    });
  }
  const { counts, articles, bytes } = await countWords(request);
  if (counts.size === 0) throw new AppError('input/invalid', `${sources.join(', ')} holds no text.`, { sources });
  const words = counts.size;
  const counted = countingShare(bytes);
  const report = (merges: number): void =>
    request.onProgress?.({
      phase: 'merging',
      share: counted + (1 - counted) * mergingShare(merges, vocabularySize),
      bytesRead: bytes,
      bytesTotal: bytes,
      counts: { articles, words, merges },
    });
  report(0);
  const trained = await trainBpe(counts.entries(), {
    vocabularySize,
    minFrequency,
    onProgress: report,
    ...(signal === undefined ? {} : { signal }),
  });
  const training = { vocabularySize, minFrequency, articles, words, droppedWords: counts.dropped };
  await saveTokenizer(folder, trained, { made: 'trained', atMs: nowMs, sources: [...sources], training });
  const entries = Object.keys(trained.vocabulary).length;
  return { entries, articles, bytes, words, droppedWords: counts.dropped };
}

async function countWords({
  sources,
  onProgress,
  signal,
}: TokenizerTraining): Promise<{ counts: WordCounts; articles: number; bytes: number }> {
  const found = await Promise.all(sources.map((source) => textFilesOf(source)));
  const bytesTotal = found.reduce((sum, { bytes }) => sum + bytes, 0);
  const counts = new WordCounts();
  let [bytesRead, articles] = [0, 0];
  const onBytes = (count: number): void => {
    bytesRead += count;
    const share = countingShare(bytesTotal) * Math.min(1, bytesRead / Math.max(1, bytesTotal));
    onProgress?.({
      phase: 'counting words',
      share,
      bytesRead: Math.min(bytesRead, bytesTotal),
      bytesTotal,
      counts: { articles, words: counts.size },
    });
  };
  for (const file of new Set(found.flatMap(({ files }) => files))) {
    for await (const { text } of readArticles(file, { onBytes, signal })) {
      counts.add(text);
      articles++;
    }
  }
  return { counts, articles, bytes: bytesTotal };
}

/** Share of the whole time, expected. */
function countingShare(bytes: number): number {
  return 1 / (1 + (Math.max(1, bytes) / EVEN_BYTES) ** (WORDS_EXPONENT - 1));
}

function mergingShare(merges: number, vocabularySize: number): number {
  const work = (count: number): number => count / (count + HALF_OF_MERGES);
  return Math.min(1, work(merges) / work(vocabularySize));
}
