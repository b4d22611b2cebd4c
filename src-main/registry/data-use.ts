import { z } from 'zod';
import { RunStatus } from '../../src-shared/run/run-status.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

/** Fields of a run on imported text that name what it reads. */
export type DataField = 'tokenizer' | 'corpus' | 'superglue';

const Row = z.object({ value: z.string(), runId: z.string(), name: z.string(), status: RunStatus });

export interface DataUser {
  readonly runId: string;
  readonly name: string;
  readonly status: RunStatus;
}

/** Runs on imported text by the set that the field names, newest first; those in the trash are left out. */
export function dataUsers(db: Registry, field: DataField): Map<string, DataUser[]> {
  const rows = statement(
    db,
    `SELECT config_values ->> '$.data.${field}' AS value, run_id AS runId, name, status FROM runs
     WHERE data_kind = 'text' AND trashed_at_ms IS NULL AND coalesce(config_values ->> '$.data.${field}', '') <> ''
     ORDER BY created_at_ms DESC, run_id DESC`,
  ).all();
  const users = new Map<string, DataUser[]>();
  for (const { value, ...user } of z.array(Row).parse(rows)) {
    const known = users.get(value);
    if (known === undefined) users.set(value, [user]);
    else known.push(user);
  }
  return users;
}
