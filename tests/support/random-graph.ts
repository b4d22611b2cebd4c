import { GROWTHS } from './random-growths.ts';
import { RandomPool } from './random-pool.ts';

/** Inputs, constants and 12 to 25 attempts to make a node of those before. */
export function randomGraph(seed: number, simplify = true): RandomPool {
  const pool = new RandomPool(seed, simplify);
  for (let i = 12 + pool.below(14); i > 0; i--) pool.pick(GROWTHS)(pool);
  return pool;
}
