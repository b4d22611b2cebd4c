import type { RunConfig } from '../../../src-shared/config/run-config.ts';

/** Logits of a large vocabulary that exist at a time: fewer passes miss the caches, and memory stays below the reference's. */
const CHUNK_LOGITS_BYTES = 64 * 2 ** 20;

/** Rows of logits that exist at a time: a power of two, so that the rows of common batches divide evenly. */
export function chunkRows({ model }: RunConfig): number {
  return 2 ** Math.floor(Math.log2(CHUNK_LOGITS_BYTES / (4 * model.vocabularySize)));
}
