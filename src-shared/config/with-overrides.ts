import { AppError } from '../app-error.ts';
import type { ConfigProblem } from './config-problem.ts';
import type { FieldValue } from './field-documentation.ts';
import { configProblems } from './parse-run-config.ts';
import type { RunConfig } from './run-config.ts';
import { setByPath } from './set-by-path.ts';

/**
 * The base with changed fields, each checked by itself and then all together.
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
