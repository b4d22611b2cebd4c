/** The places of the app; the address names the place, so back, forward, reload and bookmarks just work. */
export const PLACES = [
  'runs',
  'new',
  'run',
  'queue',
  'examples',
  'compare',
  'two-moons',
  'superglue',
  'data',
  'settings',
] as const;
export type Place = (typeof PLACES)[number];

interface Address {
  readonly place: Place;
  /** The run of place "run". */
  readonly runId: string | undefined;
  readonly query: ReadonlyMap<string, string>;
}

/** "#/runs", "#/runs/ID?tab=log", "#/compare?runs=a,b": the place, and after "?" what is shown in it. */
export function parseAddress(hash: string): Address {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const query = new Map(new URLSearchParams(search));
  const [first = '', id] = path.split('/').map(decodeURIComponent);
  if (first === 'runs' && id !== undefined && id !== '') return { place: 'run', runId: id, query };
  return { place: PLACES.find((place) => place === first && place !== 'run') ?? 'runs', runId: undefined, query };
}

export function address(place: Exclude<Place, 'run'>, query: Readonly<Record<string, string>> = {}): string {
  return `#/${place}${searchOf(query)}`;
}

export function addressOfRun(runId: string, query: Readonly<Record<string, string>> = {}): string {
  return `#/runs/${encodeURIComponent(runId)}${searchOf(query)}`;
}

function searchOf(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}

/** Where the page is. */
export class Route {
  #address = $state.raw<Address>(parseAddress(location.hash));
  /** Where the page was loaded. */
  readonly loadedPlace = this.place;
  /** Whether that was by a reload, not by an address. */
  readonly isReload = performance
    .getEntriesByType('navigation')
    .some((entry) => 'type' in entry && entry.type === 'reload');

  constructor() {
    addEventListener('hashchange', () => {
      this.#address = parseAddress(location.hash);
    });
  }

  get place(): Place {
    return this.#address.place;
  }

  get runId(): string | undefined {
    return this.#address.runId;
  }

  get query(): ReadonlyMap<string, string> {
    return this.#address.query;
  }

  /** Goes there; back comes back here. */
  go(to: string): void {
    location.hash = to;
  }

  /** Changes what is shown in this place without a new entry in the history; an empty value leaves the address. */
  setQuery(changes: Readonly<Record<string, string>>): void {
    const all = { ...Object.fromEntries(this.query), ...changes };
    const query = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
    // The first address has no hash at all; without one the query would become the server's.
    const path = location.hash.split('?')[0] || '#/runs';
    const hash = `${path}${searchOf(query)}`;
    history.replaceState(null, '', hash);
    this.#address = parseAddress(hash);
  }
}
