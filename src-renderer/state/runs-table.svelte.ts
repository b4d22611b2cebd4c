import { toAppError, type AppError } from '../../src-shared/app-error.ts';
import type { RunRow } from '../../src-shared/ipc/contract/runs.ts';
import type { RunSummary } from '../../src-shared/ipc/run-views.ts';
import type { Client } from '../ipc/client.ts';
import { selectionOf, type RunsQuery } from './runs-query.ts';

export type CellValue = RunRow['cells'][number];

/** A run as the table shows it: its summary and the values of further columns by name. */
export interface RunEntry {
  readonly summary: RunSummary;
  readonly cells: Readonly<Record<string, CellValue>>;
}

/** What is in sight at 1280 x 800, and a little more: the first paint waits for one page. */
const PAGE_ROWS = 50;
/** Most rows that one request takes. */
const MOST_ROWS = 500;
/** Live updates: at most 4 reads per second, and reading takes at most a quarter of the time. */
const SHORTEST_WAIT_MS = 250;
const WAITS_PER_READ = 3;

/**
 * The window of the table of runs that somebody looks at, read where it is stored page by page. What is shown stays until its
 * newer reading has arrived, so nothing flickers while runs go on; a newer question makes an older answer void.
 */
export class RunsTable {
  total = $state<number>();
  error = $state.raw<AppError>();
  /** Rises with every new question (sort, filter): the view starts at its top again. */
  question = $state(0);
  #pages = $state.raw<ReadonlyMap<number, readonly RunEntry[]>>(new Map());
  readonly #client: Client;
  #query: RunsQuery | undefined;
  #columns: readonly string[] = [];
  #stale = new Set<number>();
  #seen = { first: 0, last: PAGE_ROWS - 1 };
  #turn = 0;
  #reading = false;
  #readAgain = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastReadMs = 0;
  #lastEndMs = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  rowAt(index: number): RunEntry | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Shows other runs or other columns of them. */
  ask(query: RunsQuery, columns: readonly string[]): void {
    const key = JSON.stringify([selectionOf(query), query.sort]);
    const before = this.#query === undefined ? undefined : JSON.stringify([selectionOf(this.#query), this.#query.sort]);
    if (key === before && columns.join() === this.#columns.join()) return;
    this.#query = query;
    this.#columns = columns;
    this.#turn += 1;
    if (key !== before) {
      if (before !== undefined) this.question += 1;
      this.#seen = { first: 0, last: PAGE_ROWS - 1 };
    }
    this.#staleAll();
    this.#reading = false;
    void this.#read();
  }

  /** Says which rows are in sight. */
  look(first: number, last: number): void {
    this.#seen = { first: Math.max(0, first), last: Math.max(first, last) };
    if (this.#missingPages().length > 0) void this.#read();
  }

  /** Something changed: reads what is in sight again, soon. */
  refresh(): void {
    if (this.#query === undefined || this.#timer !== undefined) return;
    const pauseMs = Math.max(SHORTEST_WAIT_MS, this.#lastReadMs * WAITS_PER_READ);
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        // A read that went on meanwhile may have missed the change.
        this.#staleAll();
        void this.#read();
      },
      Math.max(0, this.#lastEndMs + pauseMs - performance.now()),
    );
  }

  /** Runs `first`..`last` as they are stored now, however many. @throws AppError */
  async entriesBetween(first: number, last: number): Promise<RunEntry[]> {
    const entries: RunEntry[] = [];
    for (let offset = first; offset <= last; offset += MOST_ROWS) {
      const { rows } = await this.#request(offset, Math.min(MOST_ROWS, last - offset + 1));
      entries.push(...rows);
      if (rows.length === 0) break;
    }
    return entries;
  }

  async keysBetween(first: number, last: number): Promise<string[]> {
    const held = Array.from({ length: last - first + 1 }, (_, i) => this.rowAt(first + i));
    const known = held.filter((entry) => entry !== undefined);
    const entries = known.length === held.length ? known : await this.entriesBetween(first, last);
    return entries.map(({ summary }) => summary.runId);
  }

  /** A run among those that were read. */
  find(runId: string): RunEntry | undefined {
    for (const page of this.#pages.values()) {
      const found = page.find(({ summary }) => summary.runId === runId);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #staleAll(): void {
    this.#stale = new Set(this.#pages.keys());
  }

  #missingPages(): number[] {
    const [from, to] = [Math.floor(this.#seen.first / PAGE_ROWS), Math.floor(this.#seen.last / PAGE_ROWS)];
    const pages = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return pages.filter((page) => !this.#pages.has(page) || this.#stale.has(page));
  }

  async #read(): Promise<void> {
    if (this.#reading) {
      this.#readAgain = true;
      return;
    }
    const missing = this.#missingPages();
    const [from, to] = [missing[0], missing.at(-1)];
    if (from === undefined || to === undefined) return;
    const turn = this.#turn;
    this.#reading = true;
    const startMs = performance.now();
    try {
      const limit = Math.min(MOST_ROWS, (to - from + 1) * PAGE_ROWS);
      const { total, rows } = await this.#request(from * PAGE_ROWS, limit);
      if (turn !== this.#turn) return;
      this.#take(from, rows, total);
      this.error = undefined;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = toAppError(error);
    }
    this.#lastEndMs = performance.now();
    this.#lastReadMs = this.#lastEndMs - startMs;
    this.#reading = false;
    const again = this.#readAgain;
    this.#readAgain = false;
    if (again && this.error === undefined) void this.#read();
  }

  /** Puts what was read into place; pages out of sight that are no longer true are dropped. */
  #take(firstPage: number, rows: readonly RunEntry[], total: number): void {
    const pages = new Map([...this.#pages].filter(([page]) => !this.#stale.has(page)));
    for (let start = 0; start < Math.max(1, rows.length); start += PAGE_ROWS) {
      pages.set(firstPage + start / PAGE_ROWS, rows.slice(start, start + PAGE_ROWS));
    }
    this.#stale.clear();
    this.#pages = pages;
    this.total = total;
  }

  async #request(offset: number, limit: number): Promise<{ total: number; rows: RunEntry[] }> {
    const query = this.#query;
    if (query === undefined) return { total: 0, rows: [] };
    const columns = [...this.#columns];
    const { total, rows } = await this.#client.request('runs.query', {
      selection: selectionOf(query),
      sort: query.sort,
      columns,
      offset,
      limit,
    });
    return {
      total,
      rows: rows.map(({ summary, cells }) => ({
        summary,
        cells: Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? null])),
      })),
    };
  }
}
