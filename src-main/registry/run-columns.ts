import { AppError } from '../../src-shared/app-error.ts';
import { LEADING_SCORES } from '../../src-shared/run/leading-score.ts';
import { RUN_STATUSES } from '../../src-shared/run/run-status.ts';

/** Binds a value to a statement under a name of its own; returns the name as SQL. */
export type Bind = (value: string | number | null) => string;

/** A column of the table of runs as SQL over `runs`. */
export interface ColumnSql {
  /** What filters compare and sorting orders; NULL where there is nothing. */
  readonly value: string;
  /** Where sorting is not by `value`. */
  readonly order?: string;
  /** What a cell shows; by default `value`. */
  readonly cell?: string;
  /** `cell` is JSON text. */
  readonly isJson?: boolean;
  /** A number to take means of, NULL for anything else; where left out, `value` holds numbers or never does. */
  readonly number?: string;
  /** So that an index may give the order. */
  readonly isNeverNull?: boolean;
  /** Values are a JSON list of texts. */
  readonly isList?: boolean;
}

const statusRank = `CASE runs.status ${RUN_STATUSES.map((status, rank) => `WHEN '${status}' THEN ${rank}`).join(' ')} END`;

const text = (value: string): ColumnSql => ({ value, order: `${value} COLLATE NOCASE`, number: 'NULL' });

const BUILT_IN: Readonly<Record<string, ColumnSql>> = {
  runId: text('runs.run_id'),
  name: text('runs.name'),
  preset: text('runs.preset'),
  notes: text('runs.notes'),
  sweepId: text('runs.sweep_id'),
  parentRunId: text('runs.parent_run_id'),
  objective: text('runs.objective'),
  dataKind: text('runs.data_kind'),
  executor: text("(runs.executor ->> '$.name')"),
  status: { value: 'runs.status', order: statusRank, number: 'NULL' },
  seed: { value: 'runs.seed' },
  progress: { value: "(CAST(runs.progress ->> '$.step' AS REAL) / nullif(runs.progress ->> '$.totalSteps', 0))" },
  samplesPerSecond: { value: "(runs.progress ->> '$.samplesPerSecond')" },
  lastLoss: { value: "iif(json_type(runs.last_loss) IN ('integer', 'real'), runs.last_loss ->> '$', NULL)" },
  bestScore: {
    value: `coalesce(${LEADING_SCORES.map((name) => `runs.best_scores ->> '$.${name}.value'`).join(', ')})`,
  },
  createdAtMs: { value: 'runs.created_at_ms', isNeverNull: true },
  durationMs: { value: '(coalesce(runs.finished_at_ms, :now) - runs.started_at_ms)' },
  diskBytes: { value: 'runs.disk_bytes' },
  tags: {
    value: 'runs.tags',
    cell: "(SELECT group_concat(value, ', ') FROM json_each(runs.tags))",
    number: 'NULL',
    isList: true,
  },
};

/** A member of a JSON object by its exact name, dots and all. */
function member(name: string, column: string): string {
  if (name === '' || name.includes('"')) throw unknownColumn(column);
  return `$."${name}"`;
}

/**
 * SQL of a column; names reach it as bound values only. `:now` (milliseconds since 1970) is the caller's to bind.
 * @throws AppError input/invalid for a name that is no column
 */
export function columnSql(column: string, bind: Bind): ColumnSql {
  if (Object.hasOwn(BUILT_IN, column)) return BUILT_IN[column] as ColumnSql;
  const colon = column.indexOf(':');
  const name = column.slice(colon + 1);
  switch (column.slice(0, Math.max(colon, 0))) {
    case 'config': {
      if (!/^[a-z]\w*(\.\w+)*$/i.test(name)) throw unknownColumn(column);
      const path = bind(`$.${name}`);
      return {
        value: `(runs.config_values ->> ${path})`,
        cell: `(runs.config_values -> ${path})`,
        isJson: true,
        number: numberAt('runs.config_values', path),
      };
    }
    case 'score':
      // NaN and infinities are stored as words; they are shown, but have no place in an order.
      return scoreSql('runs.scores', bind(member(name, column)));
    case 'best':
      return scoreSql('runs.best_scores', bind(`${member(name, column)}.value`));
    default:
      throw unknownColumn(column);
  }
}

function scoreSql(json: string, path: string): ColumnSql {
  return { value: numberAt(json, path), cell: `(${json} ->> ${path})` };
}

function numberAt(json: string, path: string): string {
  return `iif(json_type(${json}, ${path}) IN ('integer', 'real'), ${json} ->> ${path}, NULL)`;
}

function unknownColumn(column: string): AppError {
  return new AppError(
    'input/invalid',
    `There is no column '${column}': expected one of ${Object.keys(BUILT_IN).join(', ')}, or config:PATH, score:NAME, best:NAME.`,
    { column },
  );
}
