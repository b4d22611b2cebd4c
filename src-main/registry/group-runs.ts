import { z } from 'zod';
import type { RunSelection } from '../../src-shared/ipc/contract/runs.ts';
import type { Registry } from './open-registry.ts';
import { cellOf, Parameters, type CellValue } from './query-runs.ts';
import { columnSql } from './run-columns.ts';
import { selectionSql } from './run-selection.ts';

/** Mean and sample standard deviation of the finite values of a column; the deviation of one value is NaN. */
export interface GroupCell {
  readonly mean: number;
  readonly std: number;
  readonly count: number;
}

export interface RunGroup {
  readonly keys: CellValue[];
  readonly runIds: string[];
  /** Per column; null where no run of the group has a number there. */
  readonly cells: (GroupCell | null)[];
}

/** Runs grouped by the values of some columns, ordered by them. @throws AppError input/invalid for an unknown column */
export function groupRuns(
  db: Registry,
  query: {
    readonly selection: RunSelection;
    readonly by: readonly string[];
    readonly columns: readonly string[];
    readonly limit: number;
  },
  nowMs: number,
): { total: number; groups: RunGroup[] } {
  const parameters = new Parameters(nowMs);
  const { bind } = parameters;
  const keys = query.by.map((column) => columnSql(column, bind));
  const columns = query.columns.map((column) => columnSql(column, bind));
  const rows = [
    ...keys.map((key, index) => `${key.cell ?? key.value} AS key_${index}, ${key.value} AS order_${index}`),
    ...columns.map((column, index) => `${column.number ?? column.value} AS value_${index}`),
  ];
  const keyNames = keys.map((_, index) => `key_${index}`).join(', ');
  const means = columns.map(
    (_, index) =>
      `avg(value_${index}) FILTER (WHERE abs(value_${index}) < 9e999) AS mean_${index},
       sample_std(value_${index}) AS std_${index},
       count(value_${index}) FILTER (WHERE abs(value_${index}) < 9e999) AS count_${index}`,
  );
  const raw = db
    .prepare(
      `WITH chosen AS MATERIALIZED (SELECT runs.run_id, runs.created_at_ms, ${rows.join(', ')} FROM runs
         WHERE ${selectionSql(query.selection, bind)} AND :now IS NOT NULL)
       SELECT ${[keyNames, ...means].join(', ')}, count(*) OVER () AS total,
         json_group_array(run_id ORDER BY created_at_ms, run_id) AS run_ids
       FROM chosen GROUP BY ${keyNames}
       ORDER BY ${keys.map((_, index) => `order_${index} IS NULL, order_${index}`).join(', ')}
       LIMIT ${bind(query.limit)}`,
    )
    .all(parameters.values) as Record<string, unknown>[];
  return {
    total: Number(raw[0]?.['total'] ?? 0),
    groups: raw.map((row) => ({
      keys: keys.map((key, index) => cellOf(key, row[`key_${index}`])),
      runIds: z.array(z.string()).parse(JSON.parse(String(row['run_ids']))),
      cells: columns.map((_, index) => groupCell(row, index)),
    })),
  };
}

function groupCell(row: Record<string, unknown>, index: number): GroupCell | null {
  const count = Number(row[`count_${index}`]);
  if (count === 0) return null;
  const std = row[`std_${index}`];
  return { mean: Number(row[`mean_${index}`]), std: typeof std === 'number' ? std : Number.NaN, count };
}
