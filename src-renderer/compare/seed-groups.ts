import type { RunConfig } from '../../src-shared/config/run-config.ts';

/** What grouping looks at. */
export interface SeededRun {
  readonly runId: string;
  readonly label: string;
  /** Undefined while it is not known. */
  readonly config: RunConfig | undefined;
  readonly parentRunId: string | null;
}

/** Runs that differ in their seed alone; a run without such a sibling is a group of its own. */
export interface SeedGroup {
  /** The first run's id, which also gives the group its colour. */
  readonly id: string;
  readonly label: string;
  readonly runIds: readonly string[];
}

/**
 * Groups in the order of their first runs. Two runs belong together when their configurations are equal but for `seed`
 * and they began from nothing, or from runs that belong together in the same way. `configOf` tells the configurations
 * of parents; a parent that is not known counts as different from any other.
 */
export function seedGroups(
  runs: readonly SeededRun[],
  parentOf: (runId: string) => Pick<SeededRun, 'config' | 'parentRunId'> | undefined,
): SeedGroup[] {
  const groups = new Map<string, SeededRun[]>();
  for (const run of runs) {
    const key = run.config === undefined ? run.runId : lineage(run, parentOf, 0);
    const members = groups.get(key) ?? [];
    groups.set(key, [...members, run]);
  }
  return [...groups.values()].map((members) => {
    const runIds = members.map(({ runId }) => runId);
    return { id: runIds[0] ?? '', label: groupLabel(members.map(({ label }) => label)), runIds };
  });
}

/** Deeper chains of fine-tunings than this don't occur; it also ends a chain that closes on itself. */
const DEEPEST = 8;

function lineage(
  run: Pick<SeededRun, 'config' | 'parentRunId'>,
  parentOf: (runId: string) => Pick<SeededRun, 'config' | 'parentRunId'> | undefined,
  depth: number,
): string {
  const own = JSON.stringify(run.config, (key, value: unknown) => (key === 'seed' ? undefined : value));
  if (run.parentRunId === null) return own;
  const parent = depth < DEEPEST ? parentOf(run.parentRunId) : undefined;
  const before = parent?.config === undefined ? run.parentRunId : lineage(parent, parentOf, depth + 1);
  return `${own} from ${before}`;
}

/** What the names have in common from the left, cut where a word ends, and how many they are. */
export function groupLabel(labels: readonly string[]): string {
  const [first = '', ...others] = labels;
  if (others.length === 0) return first;
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < Math.min(length, other.length) && first[same] === other[same]) same += 1;
    length = same;
  }
  const shared = first
    .slice(0, length)
    .replace(/[\s,;:·/_-]*(seed)?[\s,;:·/=_-]*$/i, '')
    .trimEnd();
  return `${shared === '' ? first : shared} (${labels.length} seeds)`;
}
