import type { RunSummary } from '../../src-shared/ipc/run-views.ts';

/** A name for each run, all different: its own; with its seed where several share it; with the end of its id where that is not enough. */
export function labelsOf(runs: readonly Pick<RunSummary, 'runId' | 'name' | 'seed'>[]): Map<string, string> {
  const own = repeated(runs.map(({ name }) => name));
  const seeded = runs.map(({ name, seed }) => (own.has(name) ? `${name}, seed ${seed}` : name));
  const twice = repeated(seeded);
  return new Map(
    runs.map(({ runId }, index) => {
      const label = seeded[index] ?? runId;
      return [runId, twice.has(label) ? `${label}, ${runId.slice(-4)}` : label];
    }),
  );
}

function repeated(texts: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(texts.filter((text) => seen.size === seen.add(text).size));
}
