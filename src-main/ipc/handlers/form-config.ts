import { AppError } from '../../../src-shared/app-error.ts';
import type { ConfigProblem } from '../../../src-shared/config/config-problem.ts';
import { configProblems } from '../../../src-shared/config/parse-run-config.ts';
import { preset as presetConfig } from '../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { setByPath } from '../../../src-shared/config/set-by-path.ts';
import type { ConfigBase, FieldValue } from '../../../src-shared/ipc/contract/values.ts';
import type { Registry } from '../../registry/open-registry.ts';
import { getRun } from '../../registry/runs.ts';

/** What a form's configuration begins with. */
export interface FormBase {
  readonly config: RunConfig;
  readonly preset: string | undefined;
  /** The run whose configuration it is. */
  readonly forkOf: string | undefined;
  /** What a run of it is called unless it gets a name. */
  readonly name: string;
}

/** @throws AppError config/invalid, registry/not-found, ipc/invalid unless exactly one of preset and run is named */
export function formBase(db: Registry, { preset, runId }: ConfigBase): FormBase {
  if ((preset === undefined) === (runId === undefined)) {
    throw new AppError('ipc/invalid', 'A configuration begins with a preset or a run: name exactly one of them.');
  }
  if (runId !== undefined) {
    const run = getRun(db, runId);
    return { config: run.config, preset: run.preset ?? undefined, forkOf: runId, name: run.name };
  }
  const name = preset ?? '';
  return { config: presetConfig(name), preset: name, forkOf: undefined, name };
}

/**
 * The base with a form's changes, each checked by itself and then all together.
 * @returns the configuration as far as its fields are right, and everything that is wrong
 */
export function withOverrides(
  base: RunConfig,
  overrides: Readonly<Record<string, FieldValue>>,
): { config: RunConfig; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  // Another kind of data starts from its defaults, so it comes before the fields of that data.
  const entries = Object.entries(overrides).sort(([a], [b]) => Number(b === 'data.kind') - Number(a === 'data.kind'));
  let config = base;
  for (const [path, value] of entries) {
    try {
      config = setByPath(config, path, String(value));
    } catch (error) {
      problems.push(...problemsIn(error));
    }
  }
  return { config, problems: [...problems, ...configProblems(config)] };
}

function problemsIn(error: unknown): ConfigProblem[] {
  const problems = error instanceof AppError ? error.details['problems'] : undefined;
  if (!Array.isArray(problems)) throw error;
  return problems as ConfigProblem[];
}

/** As a field shows it: without the path, which stands beside it. */
export function atField({ path, message }: ConfigProblem): { path: string; message: string } {
  return { path, message: message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message };
}
