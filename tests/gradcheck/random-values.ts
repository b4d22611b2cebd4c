/** `count` numbers in [low, high), the same for the same seed (mulberry32). */
export function randomValues(count: number, seed: number, low = -1.5, high = 1.5): number[] {
  let state = (seed + 1) * 0x9e3779b9;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return low + ((t ^ (t >>> 14)) >>> 0) * ((high - low) / 0x100000000);
  });
}
