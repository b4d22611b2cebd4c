import { toAppError, type AppError } from '../../src-shared/app-error.ts';
import type { RunFilter, RunGroupRow } from '../../src-shared/ipc/contract/runs.ts';
import type { Client } from '../ipc/client.ts';
import { selectionOf, type RunsQuery } from './runs-query.ts';
import type { RunEntry } from './runs-table.svelte.ts';

const MOST_GROUPS = 2000;
/** Runs that an opened group shows. */
const MOST_IN_GROUP = 500;
const SHORTEST_WAIT_MS = 500;
const WAITS_PER_READ = 4;

/** A row of the grouped table: a group, or under an opened one a run of it. */
export type GroupedRow =
  | { readonly kind: 'group'; readonly key: string; readonly group: RunGroupRow; readonly isOpen: boolean }
  | { readonly kind: 'run'; readonly key: string; readonly entry: RunEntry };

/** Runs by the values of some columns, with the runs of those groups that somebody opened. */
export class RunGroups {
  groups = $state.raw<readonly RunGroupRow[]>();
  /** All there are; more than are shown where they are very many. */
  total = $state(0);
  error = $state.raw<AppError>();
  #open = $state.raw<ReadonlyMap<string, readonly RunEntry[]>>(new Map());
  readonly #client: Client;
  #asked = '';
  #query: RunsQuery | undefined;
  #measures: readonly string[] = [];
  #cells: readonly string[] = [];
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastReadMs = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Groups in this order, each opened one followed by its runs. */
  rowsOf(groups: readonly RunGroupRow[]): GroupedRow[] {
    return groups.flatMap((group): GroupedRow[] => {
      const key = keyOfGroup(group);
      const runs = this.#open.get(key);
      return [
        { kind: 'group', key, group, isOpen: runs !== undefined },
        ...(runs ?? []).map((entry): GroupedRow => ({ kind: 'run', key: entry.summary.runId, entry })),
      ];
    });
  }

  /** Groups by `query.groupBy` with means of `measures`; opened groups show `cells` of their runs. */
  ask(query: RunsQuery, measures: readonly string[], cells: readonly string[]): void {
    const asked = JSON.stringify([query, measures, cells]);
    if (asked === this.#asked) return;
    const isOther = this.#query?.groupBy.join() !== query.groupBy.join();
    this.#asked = asked;
    [this.#query, this.#measures, this.#cells] = [query, measures, cells];
    if (isOther) {
      this.#open = new Map();
      this.groups = undefined;
    }
    void this.#read();
  }

  /** Reads again, soon. */
  refresh(): void {
    if (this.#query === undefined || this.#query.groupBy.length === 0) return;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.#read();
      },
      Math.max(SHORTEST_WAIT_MS, this.#lastReadMs * WAITS_PER_READ),
    );
  }

  /** Opens a group, or closes it. */
  async toggle(group: RunGroupRow): Promise<void> {
    const key = keyOfGroup(group);
    const open = new Map(this.#open);
    if (open.delete(key)) this.#open = open;
    else {
      try {
        const runs = await this.#runsOf(group);
        this.#open = new Map([...this.#open, [key, runs]]);
      } catch (error) {
        this.error = toAppError(error);
      }
    }
  }

  /** The runs that chosen rows stand for. */
  runIdsOf(keys: ReadonlySet<string>): string[] {
    const groups = new Map((this.groups ?? []).map((group) => [keyOfGroup(group), group.runIds]));
    return [...new Set([...keys].flatMap((key) => groups.get(key) ?? (key.startsWith(GROUP) ? [] : [key])))];
  }

  async #read(): Promise<void> {
    const query = this.#query;
    if (query === undefined || query.groupBy.length === 0) return;
    this.#turn += 1;
    const turn = this.#turn;
    const startMs = performance.now();
    try {
      const { total, groups } = await this.#client.request('runs.group', {
        selection: selectionOf(query),
        by: [...query.groupBy],
        columns: [...this.#measures],
        limit: MOST_GROUPS,
      });
      const opened = groups.filter((group) => this.#open.has(keyOfGroup(group)));
      const open = await Promise.all(
        opened.map(async (group) => [keyOfGroup(group), await this.#runsOf(group)] as const),
      );
      if (turn !== this.#turn) return;
      this.groups = groups;
      this.total = total;
      this.#open = new Map(open);
      this.error = undefined;
    } catch (error) {
      if (turn === this.#turn) this.error = toAppError(error);
    }
    this.#lastReadMs = performance.now() - startMs;
  }

  async #runsOf(group: RunGroupRow): Promise<RunEntry[]> {
    const query = this.#query;
    if (query === undefined) return [];
    const filters = query.groupBy.map((column, index) => filterFor(column, group.keys[index]));
    if (filters.some((filter) => filter === undefined)) {
      // A missing value can't be asked for; the runs are known by their ids, without further columns.
      const runIds = group.runIds.slice(0, MOST_IN_GROUP);
      const runs = await this.#client.request('runs.summaries', { runIds });
      return runs.map((summary) => ({ summary, cells: {} }));
    }
    const selection = selectionOf(query);
    const columns = [...this.#cells];
    const { rows } = await this.#client.request('runs.query', {
      selection: { ...selection, filters: [...selection.filters, ...filters.filter((one) => one !== undefined)] },
      sort: query.sort,
      columns,
      offset: 0,
      limit: MOST_IN_GROUP,
    });
    return rows.map(({ summary, cells }) => ({
      summary,
      cells: Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? null])),
    }));
  }
}

const GROUP = 'group:';

function keyOfGroup(group: RunGroupRow): string {
  return GROUP + JSON.stringify(group.keys);
}

function filterFor(column: string, value: RunGroupRow['keys'][number] | undefined): RunFilter | undefined {
  if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return undefined;
  return { column, operator: 'is', value };
}
