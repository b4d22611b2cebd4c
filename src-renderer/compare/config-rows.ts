import type { FieldView } from '../../src-shared/ipc/contract.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { listSettings } from '../format/settings.ts';
import type { Table } from '../tables/table.ts';

/** One field of the configurations that are compared. */
export interface ConfigRow {
  readonly path: string;
  readonly unit: string;
  readonly help: string;
  /** Per run, as written; undefined where a run's data has no such field. */
  readonly values: readonly (string | undefined)[];
  readonly differs: boolean;
}

/** Every field that any run has, in the order of the schema; fields that the schema doesn't name come last. */
export function configRows(configs: readonly RunConfig[], fields: readonly FieldView[]): ConfigRow[] {
  const settings = configs.map((config) => new Map(listSettings(config).map(({ path, value }) => [path, value])));
  const present = new Set(settings.flatMap((one) => [...one.keys()]));
  const documented = new Map(fields.map((field) => [field.path, field]));
  const paths = [...new Set([...documented.keys(), ...present])].filter((path) => present.has(path));
  return paths.map((path) => {
    const values = settings.map((one) => one.get(path));
    const field = documented.get(path);
    return {
      path,
      unit: field?.unit ?? '',
      help: field?.help ?? '',
      values,
      differs: new Set(values).size > 1,
    };
  });
}

export function configTable(rows: readonly ConfigRow[], labels: readonly string[], title: string): Table {
  return {
    title,
    columns: [
      { header: 'Field', align: 'left' },
      { header: 'Unit', align: 'left' },
      ...labels.map((header) => ({ header, align: 'right' as const })),
    ],
    rows: rows.map(({ path, unit, values }) => [path, unit, ...values.map((value) => value ?? null)]),
  };
}
