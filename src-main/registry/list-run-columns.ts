import { z } from 'zod';
import { DOCUMENTED_FIELDS } from '../../src-shared/config/field-documentation.ts';
import type { RunSelection } from '../../src-shared/ipc/contract/runs.ts';
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
    columns: [...differingFields(db, where, total), ...keysOf('scores', 'score'), ...keysOf('best_scores', 'best')],
    tags: names(`SELECT DISTINCT value FROM runs, json_each(runs.tags) WHERE ${where} ORDER BY value`),
    total,
  };
}

/** Configuration fields that are not the same in all runs, in the order of the schema. */
function differingFields(db: Registry, where: string, total: number): string[] {
  const paths = [...new Set(DOCUMENTED_FIELDS.map(({ path }) => path))];
  const differs = paths.map((path) => {
    const value = `runs.config_values ->> '$.${path}'`;
    return `min(${value}) IS NOT max(${value}) OR count(${value}) NOT IN (0, ${total})`;
  });
  const [flags = []] = statement(db, `SELECT ${differs.join(', ')} FROM runs WHERE ${where}`)
    .raw()
    .all() as unknown[][];
  return paths.filter((_, index) => flags[index] === 1).map((path) => `config:${path}`);
}
