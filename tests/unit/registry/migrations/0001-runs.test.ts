import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { listCheckpoints } from '../../../../src-main/registry/checkpoints.ts';
import { listEvaluations, readClassMap } from '../../../../src-main/registry/evaluations.ts';
import { listEvents } from '../../../../src-main/registry/events.ts';
import { readBuckets, readMetric } from '../../../../src-main/registry/metric-reads.ts';
import { migration0001 } from '../../../../src-main/registry/migrations/0001-runs.ts';
import { ALL_MIGRATIONS } from '../../../../src-main/registry/migrations/all-migrations.ts';
import { migrate, openRegistry } from '../../../../src-main/registry/open-registry.ts';
import { getRun } from '../../../../src-main/registry/runs.ts';
import { listTeacherExamples } from '../../../../src-main/registry/teacher-examples.ts';

// A registry as version 1 wrote it, as SQL text. Frozen: it must never be made anew from later code.
const FROZEN = readFileSync(new URL('../fixtures/schema-0001.sql', import.meta.url), 'utf8');

/** The schema without the spaces that mean nothing. */
function schemaOf(db: Database.Database): unknown[] {
  const rows = db.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all() as {
    name: string;
    sql: string;
  }[];
  return rows.map(({ name, sql }) => [name, sql.replace(/\s+/g, ' ')]);
}

describe('migration 0001', () => {
  it('makes exactly the schema that version 1 was released with', () => {
    const frozen = new Database(':memory:');
    frozen.exec(FROZEN);
    const fresh = new Database(':memory:');
    migrate(fresh, ':memory:', [migration0001]);
    expect(schemaOf(fresh)).toEqual(schemaOf(frozen));
    expect(fresh.pragma('application_id')).toEqual(frozen.pragma('application_id'));
  });

  it('wrote registries that this program reads', () => {
    const db = new Database(':memory:');
    db.exec(FROZEN);
    expect(db.pragma('user_version', { simple: true })).toBe(1);
    migrate(db, ':memory:');
    expect(db.pragma('user_version', { simple: true })).toBe(ALL_MIGRATIONS.length);
    const run = getRun(db, 'frozen-run');
    expect(run).toMatchObject({
      name: 'Frozen run',
      status: 'failed',
      error: { code: 'executor/failed' },
      progress: { step: 40 },
      lastLoss: NaN,
      bestScores: { accuracy: { value: 61.5, step: 20 } },
      scores: { 'test.latest.accuracy': 60.5 },
      tags: ['old'],
    });
    expect(run.config.data.kind).toBe('two-moons');
    expect([...readMetric(db, 'frozen-run', 'student.loss').values]).toEqual([6, 5.5, Infinity, NaN]);
    expect(readBuckets(db, 'frozen-run', 'student.loss', 16).nonFinite.reduce((a, b) => a + b, 0)).toBe(2);
    expect(listEvents(db, 'frozen-run')).toHaveLength(2);
    expect(listEvaluations(db, 'frozen-run')).toHaveLength(1);
    expect(readClassMap(db, 'frozen-run')?.values).toEqual(Float32Array.of(0, 0.25, 0.75, 1));
    expect(listTeacherExamples(db, 'frozen-run', 5)).toMatchObject([{ xU: ['[CLS2]', '12'], feedback: 0.25 }]);
    expect(listCheckpoints(db, 'frozen-run')).toMatchObject([{ kind: 'latest', step: 40 }]);
  });

  it('is the newest, or later ones follow it without gaps', () => {
    expect(ALL_MIGRATIONS.map((one) => one.version)).toEqual(ALL_MIGRATIONS.map((_, i) => i + 1));
    expect(openRegistry(':memory:').pragma('user_version', { simple: true })).toBe(ALL_MIGRATIONS.length);
  });
});
