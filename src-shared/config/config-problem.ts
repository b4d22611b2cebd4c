import { AppError } from '../app-error.ts';

/** One thing wrong with a configuration; what a form shows at the field. */
export interface ConfigProblem {
  /** Dotted, e.g. "model.heads"; "" for the whole configuration. */
  readonly path: string;
  /** What would be right, e.g. "an integer, 1 to 48" or "a divisor of model.modelDim (8)". */
  readonly expected: string;
  /** What was found, as text; undefined where nothing was. */
  readonly got?: string | undefined;
  /** The full path of the nearest known field, for a misspelled one. */
  readonly suggestion?: string | undefined;
  readonly message: string;
}

/** A value as a message shows it: strings quoted, long ones cut. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A problem whose message is put together from path, expected and got. */
export function problem(path: string, expected: string, got: unknown, reason?: string): ConfigProblem {
  const found = shown(got);
  const because = reason === undefined ? '' : ` (${reason})`;
  return { path, expected, got: found, message: `${path}: expected ${expected}, got ${found}${because}` };
}

export function unknownField(path: string, suggestion: string | undefined, note?: string): ConfigProblem {
  const hint = note ?? (suggestion === undefined ? '' : `; did you mean ${suggestion}?`);
  return { path, expected: 'a known field', suggestion, message: `${path}: there is no such field${hint}` };
}

/** One error that lists all problems; `details.problems` holds them as data. */
export function configError(problems: readonly ConfigProblem[]): AppError {
  const [only] = problems;
  const message =
    problems.length === 1 && only !== undefined
      ? `The configuration is invalid: ${only.message}`
      : `The configuration has ${problems.length} problems:\n${problems.map((one) => `  - ${one.message}`).join('\n')}`;
  return new AppError('config/invalid', message, { problems });
}
