import { problem, type ConfigProblem } from '../../../src-shared/config/config-problem.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { withOverrides } from '../../../src-shared/config/with-overrides.ts';
import type { FieldValue } from '../../../src-shared/ipc/contract/values.ts';

/** More than this is more likely a slip than a wish. */
export const MOST_RUNS = 1000;

export interface SweepRequest {
  readonly base: RunConfig;
  /** What each run's name begins with. */
  readonly name: string;
  readonly overrides: Readonly<Record<string, FieldValue>>;
  readonly axes: readonly { readonly path: string; readonly values: readonly FieldValue[] }[];
  readonly seeds: readonly number[];
}

export interface PlannedRun {
  readonly name: string;
  /** What it changes of the base: the sweep's own fields and the seed. */
  readonly overrides: Readonly<Record<string, FieldValue>>;
  readonly config: RunConfig;
}

/** Every combination of the axes' values times the seeds, the last axis fastest and the seed faster still. */
export function planSweep(
  request: SweepRequest,
  /** What of a configuration that is right in itself is wrong here. */
  furtherProblems: (config: RunConfig) => readonly ConfigProblem[] = () => [],
): { runs: PlannedRun[]; problems: ConfigProblem[] } {
  const problems = shapeProblems(request);
  if (problems.length > 0) return { runs: [], problems };
  const seen = new Map<string, ConfigProblem>();
  const runs = combinations(request).map((overrides) => {
    const checked = withOverrides(request.base, { ...request.overrides, ...overrides });
    const found = checked.problems.length > 0 ? checked.problems : furtherProblems(checked.config);
    for (const one of found) seen.set(`${one.path} ${one.message}`, one);
    return { name: nameOf(request, overrides), overrides, config: checked.config };
  });
  return { runs, problems: [...seen.values()] };
}

/** What is wrong with the sweep itself, whatever its values. */
function shapeProblems({ axes, seeds }: SweepRequest): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  axes.forEach(({ path, values }, index) => {
    if (path === 'seed') problems.push(problem(path, 'to be swept by the list of seeds', path));
    if (axes.findIndex((other) => other.path === path) < index) {
      problems.push(problem(path, 'to be swept once', 'twice'));
    }
    const twice = values.find((value, at) => values.indexOf(value) < at);
    if (twice !== undefined) problems.push(problem(path, 'each value once', twice));
  });
  const seed = seeds.find((value, at) => seeds.indexOf(value) < at);
  if (seed !== undefined) problems.push(problem('seed', 'each seed once', seed));
  const count = axes.reduce((product, { values }) => product * values.length, seeds.length);
  if (count > MOST_RUNS) problems.push(problem('', `at most ${MOST_RUNS} runs in a sweep`, count));
  return problems;
}

function combinations({ axes, seeds }: SweepRequest): Record<string, FieldValue>[] {
  const ofAxes = axes.reduce<Record<string, FieldValue>[]>(
    (partial, { path, values }) => partial.flatMap((one) => values.map((value) => ({ ...one, [path]: value }))),
    [{}],
  );
  return ofAxes.flatMap((one) => seeds.map((seed) => ({ ...one, seed })));
}

/** The base's name and what differs within the sweep, e.g. "two-moons-hard · learningRate 0.01 · seed 2". */
function nameOf({ name, axes, seeds }: SweepRequest, overrides: Readonly<Record<string, FieldValue>>): string {
  const lastWord = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
  const isAmbiguous = (path: string): boolean =>
    axes.filter((other) => lastWord(other.path) === lastWord(path)).length > 1;
  const parts = axes
    .filter(({ values }) => values.length > 1)
    .map(({ path }) => `${isAmbiguous(path) ? path : lastWord(path)} ${String(overrides[path])}`);
  if (seeds.length > 1 || parts.length === 0) parts.push(`seed ${String(overrides['seed'])}`);
  return [name, ...parts].join(' · ').slice(0, 200);
}
