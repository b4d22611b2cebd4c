import { DISK_SPLITS, type SplitInfo, type SuperGlueInfo } from '../../engine/data/superglue-set/superglue-files.ts';

/** A set as an object for `--json`, without what only programs look up rows with. */
export function setSummary({ tasks, ...info }: SuperGlueInfo): Record<string, unknown> {
  const summaries = Object.entries(tasks).map(([name, { splits, notes }]) => {
    const sizes = DISK_SPLITS.flatMap((split) => {
      const found = splits[split];
      if (found === undefined) return [];
      const { rows, examples, bytes, official, sha256 } = found;
      return [[split, { rows, examples, bytes, official, sha256 }]];
    });
    return [name, { splits: Object.fromEntries(sizes) as unknown, notes }];
  });
  return { ...info, tasks: Object.fromEntries(summaries) as unknown };
}

/** A set's tasks as lines of text: sizes, and what was noted. */
export function describeSet({ tasks, notes }: SuperGlueInfo): string[] {
  const lines = [`${'task'.padEnd(8)}${DISK_SPLITS.map((split) => split.padStart(10)).join('')}`];
  for (const [name, { splits }] of Object.entries(tasks)) {
    lines.push(`${name.padEnd(8)}${DISK_SPLITS.map((split) => size(splits[split]).padStart(10)).join('')}`);
  }
  const all = Object.entries(tasks).flatMap(([name, task]) => task.notes.map((note) => `${name}/${note}`));
  return [...lines, ...all, ...notes];
}

const size = (info: SplitInfo | undefined): string => (info === undefined ? '-' : String(info.examples));
