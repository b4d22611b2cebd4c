import type { Statement } from 'better-sqlite3';
import type { Registry } from './open-registry.ts';

const prepared = new WeakMap<Registry, Map<string, Statement>>();

/** The prepared statement of this SQL text, compiled once per database. */
export function statement(db: Registry, sql: string): Statement {
  let ofDatabase = prepared.get(db);
  if (ofDatabase === undefined) prepared.set(db, (ofDatabase = new Map<string, Statement>()));
  let found = ofDatabase.get(sql);
  if (found === undefined) ofDatabase.set(sql, (found = db.prepare(sql)));
  return found;
}
