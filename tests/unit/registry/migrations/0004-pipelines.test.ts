import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migration0001 } from '../../../../src-main/registry/migrations/0001-runs.ts';
import { migration0002 } from '../../../../src-main/registry/migrations/0002-experiments.ts';
import { migration0003 } from '../../../../src-main/registry/migrations/0003-teacher-steps.ts';
import { migration0004 } from '../../../../src-main/registry/migrations/0004-pipelines.ts';
import { migrate } from '../../../../src-main/registry/open-registry.ts';
import { insertPipeline, knownPipeline, listPipelines } from '../../../../src-main/registry/pipelines.ts';
import { getRun } from '../../../../src-main/registry/runs.ts';

const FROZEN = readFileSync(new URL('../fixtures/schema-0001.sql', import.meta.url), 'utf8');
const UP_TO_4 = [migration0001, migration0002, migration0003, migration0004];

function migrated(): Database.Database {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  db.exec(FROZEN);
  migrate(db, ':memory:', UP_TO_4);
  return db;
}

describe('migration 0004', () => {
  it('lets a pipeline fine-tune a run of version 1 and keeps that run as it was', () => {
    const db = migrated();
    expect(db.pragma('user_version', { simple: true })).toBe(4);
    expect(listPipelines(db)).toEqual([]);
    insertPipeline(db, {
      pipelineId: 'superglue-1',
      name: 'first',
      createdAtMs: 1,
      sourceRunId: 'frozen-run',
      sourceName: 'frozen',
      sourceCheckpoint: 'latest',
      superglue: 'set',
      tasks: ['CB', 'RTE'],
      learningRates: [0.04, 0.01],
      seeds: [0],
      ownerPid: 12,
    });
    expect(getRun(db, 'frozen-run')).toMatchObject({ sweepId: null, resumeStep: 40 });
    // A source that is deleted leaves its name behind.
    db.prepare("DELETE FROM runs WHERE run_id = 'frozen-run'").run();
    expect(listPipelines(db)).toMatchObject([{ pipelineId: 'superglue-1', sourceRunId: null, sourceName: 'frozen' }]);
  });

  it('forgets a pipeline with the last of its runs, and only then', () => {
    const db = migrated();
    const pipeline = { name: 'p', createdAtMs: 1, sourceRunId: null, sourceName: null, sourceCheckpoint: null };
    const plan = { superglue: 'set', tasks: ['CB'] as const, learningRates: [0.01], seeds: [0], ownerPid: null };
    insertPipeline(db, { pipelineId: 'superglue-1', ...pipeline, ...plan });
    const copy = db.prepare(
      `INSERT INTO runs (run_id, name, config, objective, status, created_at_ms, sweep_id)
       SELECT ?, name, config, objective, status, created_at_ms, 'superglue-1' FROM runs WHERE run_id = 'frozen-run'`,
    );
    copy.run('a');
    copy.run('b');
    db.prepare("DELETE FROM runs WHERE run_id = 'frozen-run'").run();
    db.prepare("DELETE FROM runs WHERE run_id = 'a'").run();
    expect(knownPipeline(db, 'superglue-1')?.name).toBe('p');
    db.prepare("DELETE FROM runs WHERE run_id = 'b'").run();
    expect(knownPipeline(db, 'superglue-1')).toBeUndefined();
  });
});
