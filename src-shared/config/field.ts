import { z } from 'zod';

/** What a form or `--help` says about one hyperparameter. */
export interface FieldMeta {
  /** E.g. "tokens", "examples", "steps"; "" for a pure number, a choice or a flag. */
  readonly unit: string;
  /** One line: what it is and what changing it does. */
  readonly help: string;
  /** What a text may be; other types say it by their bounds and choices. */
  readonly range?: string;
}

/** Every leaf of the run configuration is registered here; `fieldDocumentation` reads it. */
export const fieldRegistry = z.registry<FieldMeta>();

/**
 * A documented leaf of the configuration. The default applies where a configuration leaves the field out (a stored
 * configuration of an older version, a short one written by hand).
 */
export function field<Schema extends z.ZodType>(
  schema: Schema,
  standard: z.util.NoUndefined<z.output<Schema>>,
  meta: FieldMeta,
): z.ZodDefault<Schema> {
  const documented = z._default(schema, standard) as z.ZodDefault<Schema>;
  fieldRegistry.add(documented, meta);
  return documented;
}
