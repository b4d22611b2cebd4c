import type { z } from 'zod';
import { configError, problem, unknownField, type ConfigProblem } from './config-problem.ts';
import { crossFieldProblems } from './cross-field-checks.ts';
import { DOCUMENTED_FIELDS, expectation, type FieldDocumentation } from './field-documentation.ts';
import { nearestName } from './nearest-name.ts';
import { RunConfig } from './run-config.ts';

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Fields that may appear in this input: those of another kind of data are left out. */
function fieldsFor(input: unknown): FieldDocumentation[] {
  const kind = valueAt(input, ['data', 'kind']) ?? 'two-moons';
  return DOCUMENTED_FIELDS.filter((field) => field.dataKind === undefined || field.dataKind === kind);
}

/** The nearest of `fields` to a path that is not among them: by its last word first, then as a whole. */
export function suggestPath(path: string, fields: readonly FieldDocumentation[]): string | undefined {
  const dot = path.lastIndexOf('.');
  const group = path.slice(0, dot + 1);
  const inGroup = fields.filter((field) => field.path.startsWith(group) && group !== '');
  const lastWords = new Map(fields.map((field) => [field.path.slice(field.path.lastIndexOf('.') + 1), field.path]));
  const lastWord = path.slice(dot + 1);
  return (
    nearestName(
      path,
      inGroup.map((field) => field.path).filter((known) => nearestName(lastWord, [known.slice(group.length)])),
    ) ??
    lastWords.get(lastWord) ??
    lastWords.get(nearestName(lastWord, [...lastWords.keys()]) ?? '') ??
    nearestName(
      path,
      fields.map((field) => field.path),
    )
  );
}

/** Why a field that is not of this configuration's kind of data is refused, where that is the reason. */
export function otherKindNote(path: string): string | undefined {
  const other = DOCUMENTED_FIELDS.find((field) => field.path === path && field.dataKind !== undefined);
  return other === undefined ? undefined : ` here; it belongs to data.kind ${other.dataKind}`;
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown): ConfigProblem[] {
  const fields = fieldsFor(input);
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const full = path === '' ? key : `${path}.${key}`;
      const groups = [...new Set(fields.map((field) => field.path.split('.')[0] ?? ''))];
      const suggestion = path === '' ? nearestName(key, groups) : undefined;
      return unknownField(full, suggestion ?? suggestPath(full, fields), otherKindNote(full));
    });
  }
  const field =
    fields.find((one) => one.path === path) ?? fields.find((one) => one.path === `${path}.kind` && path === 'data');
  const got = valueAt(input, issue.path);
  if (issue.code === 'invalid_union' && path === 'data') {
    return [problem('data.kind', field === undefined ? 'a kind of data' : expectation(field), valueAt(got, ['kind']))];
  }
  if (field !== undefined && field.path === path) return [problem(path, expectation(field), got)];
  return [problem(path === '' ? 'configuration' : path, 'an object of fields', got)];
}

/** Every problem of a would-be configuration; empty exactly where `parseRunConfig` succeeds. */
export function configProblems(input: unknown): ConfigProblem[] {
  const parsed = RunConfig.safeParse(input);
  if (parsed.success) return crossFieldProblems(parsed.data);
  const unique = new Map(
    parsed.error.issues.flatMap((issue) => problemsOf(issue, input)).map((one) => [one.path, one]),
  );
  return [...unique.values()];
}

/**
 * A complete configuration from data of unknown origin; fields that are left out take their defaults.
 * @throws AppError config/invalid that lists every problem, also as `details.problems`
 */
export function parseRunConfig(input: unknown): RunConfig {
  const problems = configProblems(input);
  if (problems.length > 0) throw configError(problems);
  return RunConfig.parse(input);
}
