import type { FieldValue } from '../../../src-shared/config/field-documentation.ts';
import type { Estimate } from '../../../src-shared/ipc/contract/configuration.ts';

type Overrides = Readonly<Record<string, FieldValue>>;

/** What the runs of a sweep need, as far as they were asked for. */
export interface SweepTotal {
  /** Mean seconds of one run; null where the time of some is not known. */
  readonly secondsPerRun: number | null;
  /** Of the run that takes most. */
  readonly memoryBytes: number | null;
}

/** The different configurations among runs that differ in their seed as well, and how many runs each stands for. */
export function configurationsOf(runs: readonly Overrides[]): { overrides: Overrides; runs: number }[] {
  const byText = new Map<string, { overrides: Overrides; runs: number }>();
  for (const run of runs) {
    const { seed: _seed, ...overrides } = run;
    const key = JSON.stringify(overrides);
    byText.set(key, { overrides, runs: (byText.get(key)?.runs ?? 0) + 1 });
  }
  return [...byText.values()];
}

export function totalOf(parts: readonly { readonly estimate: Estimate | null; readonly runs: number }[]): SweepTotal {
  let [seconds, runs, memoryBytes]: [number | null, number, number | null] = [0, 0, null];
  for (const part of parts) {
    runs += part.runs;
    const each = part.estimate?.seconds ?? null;
    seconds = seconds === null || each === null ? null : seconds + each * part.runs;
    if (part.estimate !== null) memoryBytes = Math.max(memoryBytes ?? 0, part.estimate.memoryBytes);
  }
  return { secondsPerRun: seconds === null || runs === 0 ? null : seconds / runs, memoryBytes };
}

/** Seconds until the last of `runs` ends, `concurrency` at a time, each as long as the mean. */
export function wallSeconds(runs: number, secondsPerRun: number, concurrency: number): number {
  return Math.ceil(runs / concurrency) * secondsPerRun;
}
