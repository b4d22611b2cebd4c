import { z } from 'zod';
import type { RunSelection } from '../../src-shared/ipc/contract/runs.ts';
import type { RunOverview } from '../../src-shared/run/records.ts';
import type { Registry } from './open-registry.ts';
import { columnSql, type Bind, type ColumnSql } from './run-columns.ts';
import { OVERVIEW_COLUMNS, overviewOf } from './run-rows.ts';
import { selectionSql } from './run-selection.ts';

export type CellValue = number | string | boolean | null;

export interface RunQuery {
  readonly selection: RunSelection;
  readonly sort: { readonly column: string; readonly direction: 'ascending' | 'descending' };
  /** Extra columns, whose values become cells. */
  readonly columns: readonly string[];
  readonly offset: number;
  readonly limit: number;
}

/** Values to bind to one statement. */
export class Parameters {
  readonly values: Record<string, string | number | null>;

  constructor(nowMs: number) {
    this.values = { now: nowMs };
  }

  readonly bind: Bind = (value) => {
    const name = `p${Object.keys(this.values).length}`;
    this.values[name] = value;
    return `:${name}`;
  };
}

/**
 * A window of the table of runs, sorted in SQL; runs without a value come last, newer before older among equals.
 * @throws AppError input/invalid for an unknown column
 */
export function queryRuns(
  db: Registry,
  query: RunQuery,
  nowMs: number,
): { total: number; rows: { overview: RunOverview; cells: CellValue[] }[] } {
  const counting = new Parameters(nowMs);
  const total = z.number().parse(
    db
      .prepare(`SELECT count(*) FROM runs WHERE ${selectionSql(query.selection, counting.bind)} AND :now IS NOT NULL`)
      .pluck()
      .get(counting.values),
  );
  if (query.offset >= total) return { total, rows: [] };

  // First the ids of the window, then its rows: a row's own sub-queries are not asked for the whole table.
  const sorting = new Parameters(nowMs);
  const key = columnSql(query.sort.column, sorting.bind);
  const order = key.order ?? key.value;
  const where = selectionSql(query.selection, sorting.bind);
  const ids = z.array(z.string()).parse(
    db
      .prepare(
        `SELECT runs.run_id FROM runs WHERE ${where} AND :now IS NOT NULL
         ORDER BY ${key.isNeverNull === true ? '' : `${key.value} IS NULL, `}${order} ${query.sort.direction === 'ascending' ? 'ASC' : 'DESC'},
           runs.created_at_ms DESC, runs.run_id DESC
         LIMIT ${sorting.bind(query.limit)} OFFSET ${sorting.bind(query.offset)}`,
      )
      .pluck()
      .all(sorting.values),
  );

  const reading = new Parameters(nowMs);
  const columns = query.columns.map((column) => columnSql(column, reading.bind));
  const cells = columns.map((column, index) => `${column.cell ?? column.value} AS cell_${index}`);
  const raw = db
    .prepare(
      `SELECT ${[OVERVIEW_COLUMNS, ...cells].join(', ')} FROM json_each(${reading.bind(JSON.stringify(ids))}) AS asked
       JOIN runs ON runs.run_id = asked.value WHERE :now IS NOT NULL ORDER BY asked.key`,
    )
    .all(reading.values) as Record<string, unknown>[];
  return {
    total,
    rows: raw.map((row) => ({
      overview: overviewOf(row),
      cells: columns.map((column, index) => cellOf(column, row[`cell_${index}`])),
    })),
  };
}

/** A cell as stored: non-finite numbers come back as numbers. */
export function cellOf(column: ColumnSql, value: unknown): CellValue {
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean' ? value : null;
  if (column.isJson === true) return cellOf({ value: '' }, JSON.parse(value));
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value;
}
