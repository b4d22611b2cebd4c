import type { AnswerBody } from '../../src-shared/ipc/contract.ts';
import { NOTHING_SELECTED, selectKeys, type RowSelection } from '../components/table/row-selection.ts';
import type { Client } from '../ipc/client.ts';
import { Remote } from './remote.svelte.ts';
import type { Route } from './route.svelte.ts';
import { RunGroups } from './run-groups.svelte.ts';
import { addressOfRunsQuery, QUERY_KEYS, runsQueryFrom, STANDARD_QUERY, type RunsQuery } from './runs-query.ts';
import { RunsTable } from './runs-table.svelte.ts';
import { Sparklines } from './sparklines.svelte.ts';

const STORAGE_KEY = 'metalmo.runs';

/** What the place "Runs" shows. It outlives the page: whoever opens a run and comes back finds everything as it was. */
export class RunsPageState {
  readonly table: RunsTable;
  readonly groups: RunGroups;
  readonly sparklines: Sparklines;
  /** Names for the choosers of columns, filters and groups. */
  readonly names = new Remote<AnswerBody<'runs.columns'>>();
  selection = $state.raw<RowSelection>(NOTHING_SELECTED);
  active = $state(0);
  scrollTop = $state(0);
  /** Id of the run whose name is being edited in its row. */
  renaming = $state<string>();
  readonly #route: Route;
  readonly #client: Client;
  #last: RunsQuery = STANDARD_QUERY;
  readonly query = $derived.by(() => {
    // Behind another place the table stays what it was.
    if (this.#route.place === 'runs') this.#last = runsQueryFrom(this.#route.query);
    return this.#last;
  });
  readonly selectedIds = $derived.by(() => {
    return this.query.groupBy.length === 0 ? [...this.selection.keys] : this.groups.runIdsOf(this.selection.keys);
  });

  constructor(client: Client, route: Route) {
    this.#client = client;
    this.#route = route;
    this.table = new RunsTable(client);
    this.groups = new RunGroups(client);
    this.sparklines = new Sparklines(client);
  }

  /** Changes what is shown; it stands in the address and is remembered for the next visit. */
  change(changes: Partial<RunsQuery>): void {
    const before = this.query;
    const written = addressOfRunsQuery({ ...before, ...changes });
    this.#route.setQuery(written);
    localStorage.setItem(STORAGE_KEY, JSON.stringify(written));
    const isOtherRows = 'scope' in changes || 'groupBy' in changes;
    if (isOtherRows) this.selection = NOTHING_SELECTED;
    if (isOtherRows || 'sort' in changes || 'filters' in changes || 'text' in changes) this.toTop();
  }

  /** An address that says nothing shows what was shown last. */
  recall(): void {
    if (this.#route.place !== 'runs' || QUERY_KEYS.some((key) => this.#route.query.has(key))) return;
    const remembered = readRemembered();
    if (Object.values(remembered).some((value) => value !== '')) this.#route.setQuery(remembered);
  }

  /** After runs left the view: what is chosen is always in sight of the question that is asked. */
  async dropWhenDone(runIds: readonly string[], act: Promise<boolean>): Promise<void> {
    if (!(await act)) return;
    const gone = new Set(runIds);
    const isGrouped = this.query.groupBy.length > 0;
    this.selection = selectKeys(isGrouped ? [] : [...this.selection.keys].filter((key) => !gone.has(key)));
  }

  toTop(): void {
    this.active = 0;
    this.scrollTop = 0;
  }

  readNames(): void {
    const { scope } = this.query;
    void this.names.load(() => this.#client.request('runs.columns', { scope }));
  }
}

function readRemembered(): Record<string, string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    const known = Object.entries(stored).filter(([key, value]) => {
      return QUERY_KEYS.some((one) => one === key) && typeof value === 'string';
    });
    // A search is for now; finding half of the runs gone tomorrow would only puzzle.
    return { ...Object.fromEntries(known), text: '' };
  } catch {
    // Written by something else: as if nothing was remembered.
    return {};
  }
}
