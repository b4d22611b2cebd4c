import { preset } from '../../../src-shared/config/presets/preset.ts';
import { openRegistry, type Registry } from '../../../src-main/registry/open-registry.ts';
import { insertRun } from '../../../src-main/registry/runs.ts';

export const RUN = 'run-1';

/** A registry in memory with one queued run. */
export function registryWithRun(): Registry {
  const db = openRegistry(':memory:');
  insertRun(db, {
    runId: RUN,
    name: 'first',
    config: preset('two-moons-mlm'),
    createdAtMs: 1000,
    preset: 'two-moons-mlm',
  });
  return db;
}

/** Numbers in [0, 1) that repeat from test to test (mulberry32). */
export function repeatableNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
