import type { z } from 'zod';
import { AppError } from '../../../../src-shared/app-error.ts';
import type { RowProblem } from './row-facts.ts';
import type { SetTask } from './set-tasks.ts';

/** Where a row stands. */
export interface RowPlace {
  /** What the file is called in errors. */
  readonly name: string;
  /** From 1; undefined where it is not known. */
  readonly line: number | undefined;
}

/** Characters of a wrong value that an error shows. */
const LONGEST_VALUE = 60;

/**
 * One line as its task's row.
 * @throws AppError file/invalid with file, line, field, expected and got
 */
export function parseRow(task: SetTask, text: string, place: RowPlace): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'file/invalid',
      `${placeText(place)}: expected a row of ${task.name} as JSON, got what is none (${reason}).`,
      { file: place.name, line: place.line },
      error,
    );
  }
  const parsed = task.row.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new Error('a failed parse has an issue');
  throw rowError(place, {
    field: issue.path.join('.'),
    expected: expectedOf(issue),
    got: shown(valueAt(value, issue.path)),
  });
}

export function rowError(place: RowPlace, { field, expected, got }: RowProblem): AppError {
  const what = field === '' ? '' : `, field '${field}'`;
  return new AppError('file/invalid', `${placeText(place)}${what}: expected ${expected}, got ${got}.`, {
    file: place.name,
    line: place.line,
    field,
    expected,
    got,
  });
}

function placeText({ name, line }: RowPlace): string {
  return line === undefined ? name : `${name}, line ${line}`;
}

function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int'
        ? 'a whole number'
        : `${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'invalid_value':
      return issue.values.map((value) => shown(value)).join(' or ');
    case 'too_small':
      return issue.origin === 'array' ? `at least ${issue.minimum} entry` : `${issue.minimum} or more`;
    // the number that a diagnostic writes as text
    case 'invalid_format':
    case 'invalid_union':
      return 'a whole number';
    default:
      return issue.message;
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
