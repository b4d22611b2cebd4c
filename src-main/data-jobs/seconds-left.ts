/** So early nothing can be said. */
const LEAST_SHARE = 0.01;
const LEAST_SECONDS = 1;

/**
 * Time that is left at the pace so far; null while too little is done to say.
 * @param share of the work that is done, 0..1
 */
export function secondsLeft(share: number, seconds: number): number | null {
  if (share < LEAST_SHARE || seconds < LEAST_SECONDS) return null;
  return Math.max(0, seconds / share - seconds);
}
