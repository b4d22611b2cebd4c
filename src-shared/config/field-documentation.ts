import { z } from 'zod';
import { fieldRegistry } from './field.ts';
import { DataConfig, RunConfig } from './run-config.ts';

export type FieldType = 'integer' | 'number' | 'boolean' | 'choice' | 'text';
export type FieldValue = number | string | boolean;

/** One hyperparameter as forms, `--help` and error messages show it. */
export interface FieldDocumentation {
  /** Dotted, e.g. "optimizer.learningRate". */
  readonly path: string;
  readonly type: FieldType;
  readonly unit: string;
  readonly default: FieldValue;
  /** Readable, e.g. "1 to 48", "0 <= value < 1", "gelu | relu". */
  readonly range: string;
  readonly help: string;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  /** Set for fields that exist only for one kind of data. */
  readonly dataKind?: DataConfig['kind'];
}

/** A field with the schema of its value. */
export interface DocumentedField extends FieldDocumentation {
  readonly schema: z.ZodType;
}

/** The part of a leaf's JSON schema that matters here. */
const LeafSchema = z.object({
  type: z.enum(['integer', 'number', 'boolean', 'string']),
  default: z.union([z.number(), z.string(), z.boolean()]),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
});
type LeafSchema = z.infer<typeof LeafSchema>;

function rangeOf(leaf: LeafSchema, bounds: Bounds): string {
  if (leaf.type === 'boolean') return 'true | false';
  if (leaf.enum !== undefined) return leaf.enum.join(' | ');
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = bounds;
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  const lower =
    minimum !== undefined ? `${minimum} <= ` : exclusiveMinimum !== undefined ? `${exclusiveMinimum} < ` : '';
  const upper =
    maximum !== undefined ? ` <= ${maximum}` : exclusiveMaximum !== undefined ? ` < ${exclusiveMaximum}` : '';
  if (lower === '' && upper === '') return 'any';
  if (upper === '') return minimum !== undefined ? `at least ${minimum}` : `above ${exclusiveMinimum}`;
  return `${lower}value${upper}`;
}

interface Bounds {
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

/** The limits that were written down; those that only say "a safe integer" are left out. */
function boundsOf(leaf: LeafSchema): Bounds {
  const bounds: Bounds = {};
  for (const name of ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const) {
    const value = leaf[name];
    if (value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER) bounds[name] = value;
  }
  return bounds;
}

function documentLeaf(path: string, schema: z.ZodType, dataKind: DataConfig['kind'] | undefined): DocumentedField {
  const meta = fieldRegistry.get(schema);
  if (meta === undefined) throw new Error(`Configuration field ${path} has no documentation: declare it with field().`);
  const leaf = LeafSchema.parse(z.toJSONSchema(schema, { io: 'input' }));
  const bounds = boundsOf(leaf);
  return {
    path,
    type: leaf.type !== 'string' ? leaf.type : leaf.enum === undefined ? 'text' : 'choice',
    unit: meta.unit,
    default: leaf.default,
    range: meta.range ?? rangeOf(leaf, bounds),
    help: meta.help,
    ...(leaf.enum === undefined ? {} : { choices: leaf.enum }),
    ...bounds,
    ...(dataKind === undefined ? {} : { dataKind }),
    schema,
  };
}

function walkObject(schema: z.ZodType, prefix: string, dataKind?: DataConfig['kind']): DocumentedField[] {
  if (schema instanceof z.ZodPrefault) return walkObject(schema.unwrap() as z.ZodType, prefix, dataKind);
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([name, inner]) => {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      return path === 'data.kind' ? [] : walkObject(inner as z.ZodType, path, dataKind);
    });
  }
  if (schema === DataConfig) {
    const kinds = DataConfig.options.map((option) => option.shape.kind.value);
    return [
      documentDataKind(kinds),
      ...DataConfig.options.flatMap((option) => walkObject(option, prefix, option.shape.kind.value)),
    ];
  }
  return [documentLeaf(prefix, schema, dataKind)];
}

/** The field that chooses among the kinds of data is a literal in each of them, a choice to the reader. */
function documentDataKind(kinds: readonly DataConfig['kind'][]): DocumentedField {
  return {
    path: 'data.kind',
    type: 'choice',
    unit: '',
    default: 'two-moons',
    range: kinds.join(' | '),
    help: 'Which data is trained on; choosing another kind starts from its defaults.',
    choices: kinds,
    schema: z.enum(kinds),
  };
}

/** Every leaf of the configuration with its schema, in the order of the schema. */
export const DOCUMENTED_FIELDS: readonly DocumentedField[] = walkObject(RunConfig, '');

/** The same as plain data for forms and `--help`. Two kinds of data may share a path: see `dataKind`. */
export function fieldDocumentation(): FieldDocumentation[] {
  return DOCUMENTED_FIELDS.map(({ schema: _schema, ...plain }) => plain);
}

/** "an integer, 1 to 48", "one of gelu, relu": what a field expects, for messages. */
export function expectation(field: FieldDocumentation): string {
  if (field.type === 'boolean') return 'true or false';
  if (field.choices !== undefined) return `one of ${field.choices.join(', ')}`;
  if (field.type === 'text') return field.range;
  const kind = field.type === 'integer' ? 'an integer' : 'a number';
  return field.range === 'any' ? kind : `${kind}, ${field.range}`;
}
