import { factsOf } from './metric-id.ts';

/** Metrics of a prefix, e.g. "student" of "student.loss". */
export interface MetricGroup {
  readonly prefix: string;
  /** Sorted. */
  readonly names: readonly string[];
}

/** A line of the chooser: a group's head, or a metric. */
export type MetricLine =
  | { readonly kind: 'group'; readonly prefix: string; readonly count: number; readonly isOpen: boolean }
  | { readonly kind: 'metric'; readonly name: string; readonly label: string };

/** Groups by the part before the first dot, sorted; metrics without a dot come first, under "". */
export function metricGroups(names: Iterable<string>): MetricGroup[] {
  const groups = new Map<string, string[]>();
  for (const name of [...new Set(names)].sort()) {
    const dot = name.indexOf('.');
    const prefix = dot < 0 ? '' : name.slice(0, dot);
    const members = groups.get(prefix);
    if (members === undefined) groups.set(prefix, [name]);
    else members.push(name);
  }
  return [...groups]
    .map(([prefix, members]) => ({ prefix, names: members }))
    .sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

/**
 * The lines that are shown: every word of the query must occur in a metric's name or label. While something is
 * searched for, all groups with a match are open.
 */
export function metricLines(groups: readonly MetricGroup[], query: string, closed: ReadonlySet<string>): MetricLine[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return groups.flatMap(({ prefix, names }): MetricLine[] => {
    const found = words.length === 0 ? names : names.filter((name) => matches(name, words));
    if (found.length === 0) return [];
    const isOpen = words.length > 0 || !closed.has(prefix);
    const lines = isOpen ? found.map((name): MetricLine => ({ kind: 'metric', name, label: lineLabel(name) })) : [];
    return prefix === '' ? lines : [{ kind: 'group', prefix, count: found.length, isOpen }, ...lines];
  });
}

function matches(name: string, words: readonly string[]): boolean {
  const text = `${name} ${factsOf(name).label}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** What the catalogue calls it; an unknown one by its name behind the group's prefix. */
function lineLabel(name: string): string {
  const { label } = factsOf(name);
  return label === name ? name.slice(name.indexOf('.') + 1) : label;
}
