import { RandomGenerator } from '../random/random-generator.ts';

/** Which validation examples are evaluated, how they are masked and which are shown is the same for every run. */
export const EVALUATION_SEED = 42;

/** At most `size` indexes below `count`, always the same ones. */
export function fixedChoice(count: number, size: number): Int32Array {
  return new RandomGenerator(EVALUATION_SEED, 'validationOrder').permutation(count).subarray(0, size);
}
