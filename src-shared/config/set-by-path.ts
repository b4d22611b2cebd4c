import { configError, problem, unknownField } from './config-problem.ts';
import { DOCUMENTED_FIELDS, expectation, type DocumentedField, type FieldValue } from './field-documentation.ts';
import { otherKindNote, suggestPath } from './parse-run-config.ts';
import { DataConfig, RunConfig } from './run-config.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The value a person typed, by the type of the field; undefined where it isn't one. */
function readText(field: DocumentedField, text: string): FieldValue | undefined {
  const trimmed = text.trim();
  if (field.type === 'boolean') return trimmed === 'true' ? true : trimmed === 'false' ? false : undefined;
  if (field.type === 'choice' || field.type === 'text') return trimmed;
  const plain = /\d_\d/.test(trimmed) ? trimmed.replace(/(?<=\d)_(?=\d)/g, '') : trimmed;
  return NUMBER.test(plain) ? Number(plain) : undefined;
}

/**
 * A copy of the configuration with one field set from text, e.g. ('optimizer.learningRate', '0.01'). Only the field
 * itself is checked: what spans several is checked by `parseRunConfig` once all are set. Choosing another `data.kind`
 * starts from the defaults of that kind.
 * @throws AppError config/invalid for an unknown path (with the nearest known one) or a value out of range
 */
export function setByPath(config: RunConfig, path: string, text: string): RunConfig {
  const fields = DOCUMENTED_FIELDS.filter((one) => one.dataKind === undefined || one.dataKind === config.data.kind);
  const field = fields.find((one) => one.path === path);
  if (field === undefined) {
    const [inside] = fields.filter((one) => one.path.startsWith(`${path}.`));
    const note = inside && `; it is a group, set one of its fields, as ${inside.path}`;
    throw configError([unknownField(path, suggestPath(path, fields), note ?? otherKindNote(path))]);
  }
  const value = readText(field, text);
  if (value === undefined || !field.schema.safeParse(value).success) {
    throw configError([problem(path, expectation(field), value ?? text)]);
  }
  if (path === 'data.kind') {
    return value === config.data.kind
      ? config
      : RunConfig.parse({ ...config, data: DataConfig.parse({ kind: value }) });
  }
  const dot = path.indexOf('.');
  if (dot === -1) return RunConfig.parse({ ...config, [path]: value });
  const group = path.slice(0, dot) as keyof RunConfig;
  return RunConfig.parse({ ...config, [group]: { ...(config[group] as object), [path.slice(dot + 1)]: value } });
}

/**
 * Applies `path=value` texts in order, leaving the check of the whole to `parseRunConfig`.
 * @throws AppError config/invalid
 */
export function applySettings(config: RunConfig, settings: readonly string[]): RunConfig {
  return settings.reduce((current, setting) => {
    const equals = setting.indexOf('=');
    if (equals < 1) throw configError([problem('--set', 'path.to.field=value', setting)]);
    return setByPath(current, setting.slice(0, equals).trim(), setting.slice(equals + 1));
  }, config);
}
