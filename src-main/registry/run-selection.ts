import type { RunFilter, RunSelection } from '../../src-shared/ipc/contract/runs.ts';
import { columnSql, type Bind } from './run-columns.ts';

const SCOPES: Readonly<Record<RunSelection['scope'], string>> = {
  live: 'runs.trashed_at_ms IS NULL AND runs.archived_at_ms IS NULL',
  archived: 'runs.trashed_at_ms IS NULL AND runs.archived_at_ms IS NOT NULL',
  trash: 'runs.trashed_at_ms IS NOT NULL',
};

/** What a search looks through; the separator keeps a word from being found across two of them. */
const SEARCHED = `(runs.name || char(31) || runs.notes || char(31) || runs.tags || char(31) || coalesce(runs.preset, '')
  || char(31) || runs.objective || char(31) || runs.run_id)`;

const COMPARISONS = { less: '<', atMost: '<=', greater: '>', atLeast: '>=' } as const;

export function scopeSql(scope: RunSelection['scope']): string {
  return SCOPES[scope];
}

/** The condition of a selection, over `runs`. @throws AppError input/invalid for an unknown column */
export function selectionSql({ scope, text, filters }: RunSelection, bind: Bind): string {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return [
    scopeSql(scope),
    ...words.map((word) => `${SEARCHED} LIKE ${bind(`%${escaped(word)}%`)} ESCAPE '\\'`),
    ...filters.map((filter) => filterSql(filter, bind)),
  ].join(' AND ');
}

function filterSql({ column, operator, value }: RunFilter, bind: Bind): string {
  const sql = columnSql(column, bind);
  const wanted = bind(comparable(value));
  if (sql.isList === true && (operator === 'is' || operator === 'isNot')) {
    return `${operator === 'is' ? '' : 'NOT '}EXISTS (SELECT 1 FROM json_each(${sql.value}) WHERE value = ${bind(String(value))})`;
  }
  switch (operator) {
    case 'is':
      // A number that was typed as text still finds texts that read like it.
      return `(${sql.value} = ${wanted} OR ${sql.value} = ${bind(String(value))} COLLATE NOCASE)`;
    case 'isNot':
      return `(${sql.value} IS NOT ${wanted} AND ${sql.value} IS NOT ${bind(String(value))} COLLATE NOCASE)`;
    case 'contains':
      return `CAST(${sql.cell ?? sql.value} AS TEXT) LIKE ${bind(`%${escaped(String(value))}%`)} ESCAPE '\\'`;
    default:
      return `${sql.value} ${COMPARISONS[operator]} ${wanted}`;
  }
}

/** As SQL compares it: JSON's true is 1, a text that reads as a number is one. */
function comparable(value: RunFilter['value']): string | number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  return value;
}

function escaped(word: string): string {
  return word.replace(/[\\%_]/g, (character) => `\\${character}`);
}
