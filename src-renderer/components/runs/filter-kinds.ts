import { DOCUMENTED_FIELDS } from '../../../src-shared/config/field-documentation.ts';
import type { RunFilter } from '../../../src-shared/ipc/contract/runs.ts';
import { STATUS_TABLE } from '../../../src-shared/run/run-status.ts';
import { RunStatus } from '../../../src-shared/run/run-status.ts';
import { runColumn } from './run-columns.ts';

export type ColumnKind = 'text' | 'choice' | 'number' | 'truth';

const WORDS: Readonly<Record<RunFilter['operator'], string>> = {
  is: 'is',
  isNot: 'is not',
  contains: 'contains',
  less: '<',
  atMost: '≤',
  greater: '>',
  atLeast: '≥',
};

const OPERATORS: Readonly<Record<ColumnKind, readonly RunFilter['operator'][]>> = {
  text: ['is', 'isNot', 'contains'],
  choice: ['is', 'isNot'],
  number: ['is', 'isNot', 'less', 'atMost', 'greater', 'atLeast'],
  truth: ['is'],
};

/** What values a column holds, for comparing with them. */
export function kindOfColumn(column: string): ColumnKind {
  if (column === 'status' || column === 'objective') return 'choice';
  if (column.startsWith('score:') || column.startsWith('best:')) return 'number';
  if (column.startsWith('config:')) {
    const field = DOCUMENTED_FIELDS.find(({ path }) => `config:${path}` === column);
    if (field?.type === 'boolean') return 'truth';
    if (field?.type === 'choice') return 'choice';
    return field === undefined ? 'text' : 'number';
  }
  return runColumn(column).isMeasure === true ? 'number' : 'text';
}

export function operatorsOf(kind: ColumnKind): { value: RunFilter['operator']; label: string }[] {
  return OPERATORS[kind].map((value) => ({ value, label: WORDS[value] }));
}

/** What was typed as a value to compare with; undefined where it is none of the column's kind. */
export function readFilterValue(kind: ColumnKind, text: string): RunFilter['value'] | undefined {
  const plain = text.trim();
  if (plain === '') return undefined;
  if (kind === 'truth') return plain === 'true';
  if (kind !== 'number') return plain;
  const value = Number(plain.replace('\u2212', '-'));
  return Number.isFinite(value) ? value : undefined;
}

/** "Status is failed", "Last loss < 2". */
export function describeFilter({ column, operator, value }: RunFilter): string {
  const status = RunStatus.safeParse(value);
  const shown = column === 'status' && status.success ? STATUS_TABLE[status.data].label.toLowerCase() : String(value);
  return `${runColumn(column).title} ${WORDS[operator]} ${shown}`;
}
