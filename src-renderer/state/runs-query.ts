import type { RequestInput } from '../../src-shared/ipc/contract.ts';
import type { RunFilter, RunSelection } from '../../src-shared/ipc/contract/runs.ts';

export type RunScope = RunSelection['scope'];
export const SCOPES: readonly RunScope[] = ['live', 'archived', 'trash'];

/** What the table of runs shows; all of it stands in the address. */
export interface RunsQuery {
  readonly scope: RunScope;
  readonly text: string;
  readonly filters: readonly RunFilter[];
  readonly sort: RequestInput<'runs.query'>['sort'];
  /** Columns by name, in their order; undefined for the standard ones. */
  readonly columns: readonly string[] | undefined;
  /** Columns to group by; empty for a plain table. */
  readonly groupBy: readonly string[];
}

export const STANDARD_QUERY: RunsQuery = {
  scope: 'live',
  text: '',
  filters: [],
  sort: { column: 'createdAtMs', direction: 'descending' },
  columns: undefined,
  groupBy: [],
};

/** Names in the address. */
export const QUERY_KEYS = ['scope', 'text', 'where', 'sort', 'columns', 'group'] as const;

const OPERATORS: readonly RunFilter['operator'][] = ['is', 'isNot', 'contains', 'less', 'atMost', 'greater', 'atLeast'];

/** What an address says; a part that can't be read (typed by hand, of another version) counts as left out. */
export function runsQueryFrom(query: ReadonlyMap<string, string>): RunsQuery {
  const sort = query.get('sort') ?? '';
  const descends = sort.startsWith('-');
  const column = descends ? sort.slice(1) : sort;
  const columns = query.get('columns');
  return {
    scope: SCOPES.find((scope) => scope === query.get('scope')) ?? 'live',
    text: query.get('text') ?? '',
    filters: (query.get('where') ?? '').split('**').flatMap(readFilter),
    sort:
      column === ''
        ? STANDARD_QUERY.sort
        : { column: decode(column), direction: descends ? 'descending' : 'ascending' },
    columns: columns === undefined ? undefined : readNames(columns),
    groupBy: readNames(query.get('group') ?? '').slice(0, 4),
  };
}

/** The other way; what is standard is empty, which leaves the address. */
export function addressOfRunsQuery(query: RunsQuery): Record<(typeof QUERY_KEYS)[number], string> {
  const { sort } = query;
  const isStandardSort = sort.column === STANDARD_QUERY.sort.column && sort.direction === STANDARD_QUERY.sort.direction;
  return {
    scope: query.scope === 'live' ? '' : query.scope,
    text: query.text,
    where: query.filters.map(writeFilter).join('**'),
    sort: isStandardSort ? '' : `${sort.direction === 'descending' ? '-' : ''}${encode(sort.column)}`,
    columns: query.columns?.map(encode).join(',') ?? '',
    group: query.groupBy.map(encode).join(','),
  };
}

export function selectionOf({ scope, text, filters }: RunsQuery): RunSelection {
  return { scope, text: text.trim(), filters: [...filters] };
}

/** A value carries its type in front ("n0.5", "bfalse", "shard"), so a text that reads like a number stays a text. */
function writeFilter({ column, operator, value }: RunFilter): string {
  return [encode(column), operator, `${(typeof value).charAt(0)}${encode(String(value))}`].join('*');
}

function readFilter(text: string): RunFilter[] {
  const [column = '', operator, value = ''] = text.split('*');
  const known = OPERATORS.find((one) => one === operator);
  const plain = decode(value.slice(1));
  if (column === '' || known === undefined || value === '') return [];
  if (value.startsWith('s')) return [{ column: decode(column), operator: known, value: plain }];
  if (value.startsWith('b')) return [{ column: decode(column), operator: known, value: plain === 'true' }];
  const number = Number(plain);
  return value.startsWith('n') && Number.isFinite(number)
    ? [{ column: decode(column), operator: known, value: number }]
    : [];
}

function readNames(text: string): string[] {
  return [...new Set(text.split(',').filter(Boolean).map(decode))];
}

/** Keeps the characters that separate parts out of the parts. */
function encode(part: string): string {
  return part.replace(/[%*,]/g, (character) => encodeURIComponent(character).replace('*', '%2A'));
}

function decode(part: string): string {
  return part.replace(/%(25|2A|2C)/gi, (code) => decodeURIComponent(code));
}
