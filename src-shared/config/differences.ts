import { DOCUMENTED_FIELDS, type FieldValue } from './field-documentation.ts';
import type { RunConfig } from './run-config.ts';

/** A field in which two configurations differ; null where a configuration has no such field (another kind of data). */
export interface ConfigDifference {
  readonly path: string;
  readonly a: FieldValue | null;
  readonly b: FieldValue | null;
}

/** The value of a documented field; null where this configuration has none. */
export function valueByPath(config: RunConfig, path: string): FieldValue | null {
  let value: unknown = config;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** The fields in which two configurations differ, in the order of the schema. */
export function differences(a: RunConfig, b: RunConfig): ConfigDifference[] {
  const paths = [...new Set(DOCUMENTED_FIELDS.map((field) => field.path))];
  return paths
    .map((path) => ({ path, a: valueByPath(a, path), b: valueByPath(b, path) }))
    .filter((one) => one.a !== one.b);
}
