import { AppError } from '../../../src-shared/app-error.ts';
import type { ConfigProblem } from '../../../src-shared/config/config-problem.ts';
import { valueByPath } from '../../../src-shared/config/differences.ts';
import {
  DOCUMENTED_FIELDS,
  type DocumentedField,
  type FieldValue,
} from '../../../src-shared/config/field-documentation.ts';
import { configProblems } from '../../../src-shared/config/parse-run-config.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { setByPath } from '../../../src-shared/config/set-by-path.ts';
import type { Texts } from './draft.ts';

/** A base configuration with what was typed applied to it. */
export interface Applied {
  /** With every change that is valid by itself; fields with a problem keep the base's value. */
  readonly config: RunConfig;
  /** What to send: the changed values, by path, `data.kind` first. */
  readonly overrides: Readonly<Record<string, FieldValue>>;
  /** What is wrong, by path, in words for beside the field; empty exactly where the configuration is valid. */
  readonly problems: Texts;
}

/** The fields a configuration of this kind of data has, in the order of the schema. */
export function fieldsOf(config: RunConfig): DocumentedField[] {
  return DOCUMENTED_FIELDS.filter(({ dataKind }) => dataKind === undefined || dataKind === config.data.kind);
}

export function applyChanges(base: RunConfig, changes: Texts): Applied {
  const overrides: Record<string, FieldValue> = {};
  const problems: Record<string, string> = {};
  let config = base;
  const apply = (path: string): void => {
    const text = changes[path];
    if (text === undefined) return;
    const read = readText(config, path, text);
    if ('problem' in read) {
      problems[path] = read.problem;
    } else if (read.value !== valueByPath(config, path)) {
      overrides[path] = read.value;
      config = read.config;
    }
  };
  // Another kind of data brings fields of its own; those of the other kind that were typed earlier are passed over.
  apply('data.kind');
  for (const { path } of fieldsOf(config)) if (path !== 'data.kind') apply(path);
  for (const problem of configProblems(config)) problems[problem.path] ??= besideField(problem);
  return { config, overrides, problems };
}

/** One field's text as the value it stands for, and the configuration with it; or what is wrong with it. */
export function readText(
  config: RunConfig,
  path: string,
  text: string,
): { readonly value: FieldValue; readonly config: RunConfig } | { readonly problem: string } {
  try {
    const changed = setByPath(config, path, text);
    const value = valueByPath(changed, path);
    return value === null ? { problem: 'There is no such field.' } : { value, config: changed };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const [problem] = (error.details['problems'] ?? []) as ConfigProblem[];
    return { problem: problem === undefined ? error.message : besideField(problem, text) };
  }
}

/** A problem without the field's name, which stands beside it: "Expected an integer, 1 to 48, got 0." */
function besideField(problem: ConfigProblem, text?: string): string {
  if (text?.trim() === '') return `Expected ${problem.expected}.`;
  const words = problem.path === '' ? problem.message : problem.message.replace(`${problem.path}: `, '');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.?!]$/.test(words) ? '' : '.'}`;
}
