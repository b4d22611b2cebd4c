import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteRun } from '../../../src-main/registry/delete-run.ts';
import { addEvent, listEvents } from '../../../src-main/registry/events.ts';
import type { Registry } from '../../../src-main/registry/open-registry.ts';
import { editRun } from '../../../src-main/registry/run-edits.ts';
import { newRunId } from '../../../src-main/registry/run-id.ts';
import {
  abandonedRuns,
  findRun,
  getRun,
  insertRun,
  listRunOverviews,
  listRuns,
  setRunExecutor,
  setRunProgress,
  setRunScores,
  setRunStatus,
  touchRun,
} from '../../../src-main/registry/runs.ts';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import { registryWithRun, RUN } from './sample-run.ts';

let db: Registry;
beforeEach(() => {
  db = registryWithRun();
});
afterEach(() => {
  db.close();
});

describe('runs', () => {
  it('are stored with their whole configuration', () => {
    const run = getRun(db, RUN);
    expect(run.config).toEqual(preset('two-moons-mlm'));
    expect(run).toMatchObject({
      name: 'first',
      preset: 'two-moons-mlm',
      status: 'queued',
      createdAtMs: 1000,
      scores: {},
      tags: [],
    });
    expect([run.startedAtMs, run.finishedAtMs, run.error, run.progress, run.executor, run.lastLoss]).toEqual(
      Array(6).fill(null),
    );
  });

  it('complete a configuration that an older version stored without a field', () => {
    const { windowStride: _gone, ...data } = preset('two-moons-mlm').data as { windowStride: number };
    db.prepare('UPDATE runs SET config = ?').run(JSON.stringify({ ...preset('two-moons-mlm'), data }));
    expect(getRun(db, RUN).config).toEqual(preset('two-moons-mlm'));
  });

  it('refuse an id that is taken and an id that is not there', () => {
    const again = { runId: RUN, name: 'x', config: preset('two-moons-hard'), createdAtMs: 1 };
    expect(() => insertRun(db, again)).toThrow(expect.objectContaining({ code: 'registry/conflict' }));
    expect(() => getRun(db, 'nope')).toThrow(expect.objectContaining({ code: 'registry/not-found' }));
    expect(() => {
      editRun(db, 'nope', { name: 'x' });
    }).toThrow(expect.objectContaining({ code: 'registry/not-found' }));
  });

  it('move only as the status table allows, with times, owner and error', () => {
    expect(setRunStatus(db, RUN, 'starting', { nowMs: 2000, ownerPid: 42 })).toMatchObject({
      startedAtMs: 2000,
      ownerPid: 42,
      heartbeatAtMs: 2000,
    });
    setRunStatus(db, RUN, 'running', { nowMs: 2500 });
    const error = { code: 'executor/failed', message: 'no', details: { a: 1 } } as const;
    expect(setRunStatus(db, RUN, 'failed', { nowMs: 3000, error })).toMatchObject({
      finishedAtMs: 3000,
      error,
      ownerPid: null,
    });
    expect(setRunStatus(db, RUN, 'starting', { nowMs: 4000 })).toMatchObject({
      startedAtMs: 2000,
      finishedAtMs: null,
      error: null,
    });
    expect(() => setRunStatus(db, RUN, 'queued', { nowMs: 5000 })).toThrow(
      expect.objectContaining({ code: 'run/invalid-state' }),
    );
    expect(getRun(db, RUN).status).toBe('starting');
  });

  it('keep progress, executor, scores and what a person says of them', () => {
    const progress = { step: 1, totalSteps: 2, examplesSeen: 16, totalExamples: 32, samplesPerSecond: 1.5 };
    const executor = { name: 'cpu', device: 'CPU', versions: { node: '24' }, reason: 'asked for' };
    setRunProgress(db, RUN, progress, 7000);
    setRunExecutor(db, RUN, executor);
    setRunScores(db, RUN, { 'test.latest.accuracy': 91.5, 'test.latest.loss': NaN });
    editRun(db, RUN, { addTags: ['a', 'b', 'c', 'a'], notes: 'note' });
    editRun(db, RUN, { removeTags: ['c', 'x'], name: 'second', archivedAtMs: 9000 });
    expect(getRun(db, RUN)).toMatchObject({
      progress,
      executor,
      tags: ['a', 'b'],
      notes: 'note',
      name: 'second',
      archivedAtMs: 9000,
      heartbeatAtMs: 7000,
      scores: { 'test.latest.accuracy': 91.5, 'test.latest.loss': NaN },
    });
    expect(listRuns(db, { archived: false })).toEqual([]);
    expect(listRuns(db, { archived: true })).toHaveLength(1);
    editRun(db, RUN, { archivedAtMs: null });
    expect(getRun(db, RUN)).toMatchObject({ archivedAtMs: null, name: 'second', tags: ['a', 'b'] });
  });

  it('are listed newest first, by status', () => {
    insertRun(db, { runId: 'run-2', name: 'later', config: preset('two-moons-hard'), createdAtMs: 2000 });
    setRunStatus(db, RUN, 'starting', { nowMs: 1 });
    expect(listRuns(db).map((run) => run.runId)).toEqual(['run-2', RUN]);
    expect(listRunOverviews(db)).toEqual(listRuns(db).map(({ config: _left, ...overview }) => overview));
    expect(listRuns(db, { statuses: ['starting', 'failed'] }).map((run) => run.runId)).toEqual([RUN]);
  });

  it('are found by id, by the beginning of one and by name, unless several fit', () => {
    insertRun(db, {
      runId: 'run-10',
      name: 'first',
      config: preset('two-moons-hard'),
      createdAtMs: 2000,
      parentRunId: RUN,
    });
    expect(findRun(db, RUN).runId).toBe(RUN);
    expect(findRun(db, 'run-10').parentRunId).toBe(RUN);
    expect(() => findRun(db, 'first')).toThrow(expect.objectContaining({ code: 'registry/conflict' }));
    expect(() => findRun(db, 'run-')).toThrow(expect.objectContaining({ code: 'registry/conflict' }));
    for (const text of ['nope', '', 'run_1', '%']) {
      expect(() => findRun(db, text)).toThrow(expect.objectContaining({ code: 'registry/not-found' }));
    }
  });

  it('are abandoned when their owner is gone or silent', () => {
    setRunStatus(db, RUN, 'starting', { nowMs: 1000, ownerPid: 42 });
    expect(abandonedRuns(db, 2000, 5000, () => true)).toEqual([]);
    expect(abandonedRuns(db, 2000, 5000, () => false)).toHaveLength(1);
    expect(abandonedRuns(db, 6001, 5000, () => true)).toHaveLength(1);
    touchRun(db, RUN, 6000);
    expect(abandonedRuns(db, 6001, 5000, () => true)).toEqual([]);
    setRunStatus(db, RUN, 'interrupted', { nowMs: 7000 });
    expect(abandonedRuns(db, 99_000, 5000, () => false)).toEqual([]);
  });

  it('are deleted with their rows, not while an engine works on them', () => {
    addEvent(db, { runId: RUN, atMs: 1, kind: 'created', message: 'x' });
    setRunStatus(db, RUN, 'starting', { nowMs: 1 });
    expect(() => {
      deleteRun(db, RUN);
    }).toThrow(expect.objectContaining({ code: 'run/invalid-state' }));
    setRunStatus(db, RUN, 'stopped', { nowMs: 2 });
    deleteRun(db, RUN);
    expect(db.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 0 });
  });
});

describe('events', () => {
  it('come back oldest first with their details', () => {
    addEvent(db, { runId: RUN, atMs: 5, kind: 'created', message: 'one' });
    addEvent(db, { runId: RUN, atMs: 4, kind: 'failed', message: 'two', details: { code: 'internal' } });
    expect(listEvents(db, RUN)).toMatchObject([
      { kind: 'created', message: 'one', atMs: 5, details: {} },
      { kind: 'failed', message: 'two', details: { code: 'internal' } },
    ]);
  });
});

describe('newRunId', () => {
  it('sorts by time, differs within a second and suits as a folder name', () => {
    const ids = [0, 999, 1000, 86_400_000].map(newRunId);
    expect([...ids].sort().map((id) => id.slice(0, 15))).toEqual(ids.map((id) => id.slice(0, 15)));
    expect(ids[0]).toMatch(/^19700101-000000-[a-z0-9]{4}$/);
    expect(new Set(Array.from({ length: 50 }, () => newRunId(0))).size).toBeGreaterThan(45);
  });
});
