import { z } from 'zod';
import { DOCUMENTED_FIELDS } from '../../src-shared/config/field-documentation.ts';
import type { RunSelection } from '../../src-shared/ipc/contract/runs.ts';
import type { Registry } from './open-registry.ts';
import { scopeSql } from './run-selection.ts';
import { statement } from './statements.ts';

/** Fields of the configurations seen so far: their first value, how many have them, and which differ. */
class SeenFields {
  runs = 0;
  /** Tells one set of runs from another of the same size. */
  timeSum = 0;
  lastRowid = 0;
  readonly #fields = new Map<string, { readonly first: unknown; count: number; differs: boolean }>();

  add(config: object): void {
    this.runs += 1;
    for (const [group, value] of Object.entries(config)) {
      if (typeof value !== 'object' || value === null) this.#see(group, value);
      else for (const [name, inner] of Object.entries(value as object)) this.#see(`${group}.${name}`, inner);
    }
  }

  differs(path: string): boolean {
    const field = this.#fields.get(path);
    return field !== undefined && (field.differs || field.count !== this.runs);
  }

  #see(path: string, value: unknown): void {
    const field = this.#fields.get(path);
    if (field === undefined) this.#fields.set(path, { first: value, count: 1, differs: false });
    else {
      field.count += 1;
      if (field.first !== value) field.differs = true;
    }
  }
}

const Extent = z.object({ runs: z.number(), time_sum: z.number() });
const remembered = new WeakMap<Registry, Map<string, SeenFields>>();
const PATHS = [...new Set(DOCUMENTED_FIELDS.map(({ path }) => path))];

/**
 * Configuration fields that are not the same in all runs of a scope, in the order of the schema. A configuration never
 * changes, so only runs that are new since the last call are read, unless others have left the scope.
 */
export function differingFields(db: Registry, scope: RunSelection['scope']): string[] {
  const where = scopeSql(scope);
  const scopes = remembered.get(db) ?? new Map<string, SeenFields>();
  remembered.set(db, scopes);
  let seen = scopes.get(scope) ?? new SeenFields();
  const { runs, time_sum: timeSum } = Extent.parse(
    statement(
      db,
      `SELECT count(*) AS runs, coalesce(sum(created_at_ms % 1048576), 0) AS time_sum FROM runs WHERE ${where} AND rowid <= ?`,
    ).get(seen.lastRowid),
  );
  if (runs !== seen.runs || timeSum !== seen.timeSum) seen = new SeenFields();
  const rows = statement(
    db,
    `SELECT rowid, created_at_ms % 1048576, config FROM runs WHERE ${where} AND rowid > ? ORDER BY rowid`,
  ).raw();
  for (const [rowid, time, config] of rows.iterate(seen.lastRowid) as Iterable<[number, number, string]>) {
    seen.add(JSON.parse(config) as object);
    seen.timeSum += time;
    seen.lastRowid = rowid;
  }
  scopes.set(scope, seen);
  return PATHS.filter((path) => seen.differs(path));
}
