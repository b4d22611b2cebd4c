import type { RandomSource } from '../random/random-generator.ts';
import { FIRST_ORDINARY_ID, MASK_ID, PAD_ID, SEP_ID } from './special-tokens.ts';
import { MLM_TASK_TOKEN } from './tasks/mlm.ts';

export interface MaskOptions {
  /** Expected share of masked positions. */
  readonly maskProbability: number;
  /** Of the masked positions, the share that keeps its token. */
  readonly keepProbability: number;
  /** Of the masked positions, the share that gets a random token; the rest becomes [MASK]. */
  readonly randomProbability: number;
  readonly vocabularySize: number;
}

/** The method's shares of the masked positions (section 5). */
export const KEEP_PROBABILITY = 0.1;
export const RANDOM_PROBABILITY = 0.1;

const scratch = { positions: new Int32Array(256) };

/**
 * Writes the MLM pair of one text to `x` and `y` from `offset` on. Of the n ids, `int(maskProbability * n + U(0,1))`
 * distinct positions become targets; `y` is PAD elsewhere, and `x` starts with the MLM task token even where that was
 * masked. A random token is any but the special ones, [SEP] being no exception from being drawn, as in the reference.
 * Deviation: at least one position is masked; the reference's loss is NaN where none is.
 * @param ids the text's ids without padding
 * @param length row length S; the rest of the row becomes PAD
 */
export function maskTokens(
  ids: Int32Array,
  length: number,
  random: RandomSource,
  options: MaskOptions,
  x: Int32Array,
  y: Int32Array,
  offset: number,
): void {
  const n = ids.length;
  const end = offset + length;
  x.fill(PAD_ID, offset + n, end);
  y.fill(PAD_ID, offset, end);
  x.set(ids, offset);
  x[offset] = MLM_TASK_TOKEN;
  const drawn = Math.trunc(options.maskProbability * n + random.uniform());
  const count = Math.min(n, Math.max(1, drawn));
  if (scratch.positions.length < count) scratch.positions = new Int32Array(2 * count);
  const { positions } = scratch;
  random.sampleInto(n, count, positions);
  const randomTokens = options.vocabularySize - FIRST_ORDINARY_ID + 1;
  for (let i = 0; i < count; i++) {
    const at = offset + (positions[i] ?? 0);
    y[at] = x[at] ?? PAD_ID;
    const change = random.uniform();
    if (change < options.keepProbability) continue;
    if (change < options.keepProbability + options.randomProbability) {
      const token = random.integer(randomTokens);
      x[at] = token === 0 ? SEP_ID : FIRST_ORDINARY_ID + token - 1;
    } else {
      x[at] = MASK_ID;
    }
  }
  x[offset] = MLM_TASK_TOKEN;
}
