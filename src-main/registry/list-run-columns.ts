import { z } from 'zod';
import type { RunSelection } from '../../src-shared/ipc/contract/runs.ts';
import { differingFields } from './differing-fields.ts';
import type { Registry } from './open-registry.ts';
import { scopeSql } from './run-selection.ts';
import { statement } from './statements.ts';

const Names = z.array(z.string());

/** What a scope's runs offer to choose columns and filters from: fields that differ among them, scores, tags. */
export function listRunColumns(
  db: Registry,
  scope: RunSelection['scope'],
): { columns: string[]; tags: string[]; total: number } {
  const where = scopeSql(scope);
  const names = (sql: string): string[] => Names.parse(statement(db, sql).pluck().all());
  const keysOf = (column: string, prefix: string): string[] =>
    names(`SELECT DISTINCT key FROM runs, json_each(runs.${column}) WHERE ${where} ORDER BY key`).map(
      (name) => `${prefix}:${name}`,
    );
  const total = z.number().parse(statement(db, `SELECT count(*) FROM runs WHERE ${where}`).pluck().get());
  return {
    columns: [
      ...differingFields(db, scope).map((path) => `config:${path}`),
      ...keysOf('scores', 'score'),
      ...keysOf('best_scores', 'best'),
    ],
    tags: names(`SELECT DISTINCT value FROM runs, json_each(runs.tags) WHERE ${where} ORDER BY value`),
    total,
  };
}
