import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migration0001 } from '../../../../src-main/registry/migrations/0001-runs.ts';
import { migration0002 } from '../../../../src-main/registry/migrations/0002-experiments.ts';
import { migrate } from '../../../../src-main/registry/open-registry.ts';
import { waitingRunIds } from '../../../../src-main/registry/queue.ts';
import { getRun } from '../../../../src-main/registry/runs.ts';
import { readSettings } from '../../../../src-main/registry/settings.ts';

// A registry as version 1 wrote it, as SQL text. Frozen: it must never be made anew from later code.
const FROZEN = readFileSync(new URL('../fixtures/schema-0001.sql', import.meta.url), 'utf8');

function migrated(): Database.Database {
  const db = new Database(':memory:');
  db.exec(FROZEN);
  migrate(db, ':memory:', [migration0001, migration0002]);
  return db;
}

describe('migration 0002', () => {
  it('gives the runs of version 1 what sorting, trash and queue need', () => {
    const db = migrated();
    expect(db.pragma('user_version', { simple: true })).toBe(2);
    expect(getRun(db, 'frozen-run')).toMatchObject({
      dataKind: 'two-moons',
      seed: 0,
      diskBytes: 1000,
      trashedAtMs: null,
      sweepId: null,
      queuePosition: null,
      resumeStep: 40,
    });
    expect(db.prepare("SELECT config_values ->> '$.optimizer.learningRate' FROM runs").pluck().get()).toBe(0.08);
    expect(readSettings(db)).toMatchObject({ concurrency: 1, notifications: true });
    expect(waitingRunIds(db, process.pid)).toEqual([]);
  });

  it('keeps every row of version 1 as it was', () => {
    const before = new Database(':memory:');
    before.exec(FROZEN);
    const after = migrated();
    for (const table of ['runs', 'events', 'series', 'points', 'buckets', 'evaluations', 'checkpoints']) {
      const rows = before.prepare(`SELECT * FROM ${table}`).all() as object[];
      expect(rows.length, table).toBeGreaterThan(0);
      expect(after.prepare(`SELECT * FROM ${table}`).all(), table).toMatchObject(rows);
    }
  });
});
