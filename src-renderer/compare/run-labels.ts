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

/**
 * Labels for narrow places: without the words that all begin with, since what tells runs apart stands at the end and would
 * be cut. "two-moons-mlm, seed 0" and "two-moons-hard" become "mlm, seed 0" and "hard"; a number keeps the word before it.
 */
export function shortLabels(labels: readonly string[]): string[] {
  const words = labels.map((label) => label.match(/[^\s,_-]+[\s,_-]*/g) ?? [label]);
  const [first = []] = words;
  if (words.length < 2) return [...labels];
  let shared = 0;
  while (shared < first.length - 1 && words.every((one) => one.length > shared + 1 && one[shared] === first[shared])) {
    shared += 1;
  }
  while (shared > 0 && words.some((one) => /^\d/.test(one[shared] ?? ''))) shared -= 1;
  return words.map((one) => one.slice(shared).join(''));
}
