import { randomInt } from 'node:crypto';
import type { FieldValue } from '../../src-shared/ipc/contract/values.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

export interface SweepRecord {
  readonly sweepId: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly axes: readonly { readonly path: string; readonly values: readonly FieldValue[] }[];
  readonly seeds: readonly number[];
}

/** A name for the group, e.g. "sweep-20261122-221012-042". @param kind its first word */
export function newSweepId(nowMs: number, kind = 'sweep'): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${kind}-${time}-${String(randomInt(1000)).padStart(3, '0')}`;
}

export function insertSweep(db: Registry, { sweepId, name, createdAtMs, axes, seeds }: SweepRecord): void {
  statement(db, 'INSERT INTO sweeps (sweep_id, name, created_at_ms, axes, seeds) VALUES (?, ?, ?, ?, ?)').run(
    sweepId,
    name,
    createdAtMs,
    JSON.stringify(axes),
    JSON.stringify(seeds),
  );
}
