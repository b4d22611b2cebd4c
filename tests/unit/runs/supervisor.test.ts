import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import type { TrainReport } from '../../../src-shared/ipc/engine-protocol.ts';
import { listEvents } from '../../../src-main/registry/events.ts';
import { readMetric } from '../../../src-main/registry/metric-reads.ts';
import { openRegistry, type Registry } from '../../../src-main/registry/open-registry.ts';
import { setRunTrashed } from '../../../src-main/registry/run-edits.ts';
import { getRun, insertRun, setRunProgress, setRunStatus } from '../../../src-main/registry/runs.ts';
import { Supervisor } from '../../../src-main/runs/supervisor.ts';
import { FakeEngine } from '../../support/fake-engine.ts';
import { checkpointReport, progressReport } from '../../support/sample-reports.ts';

const config = preset('two-moons-mlm-smoke');

let home: string;
let db: Registry;
let engines: FakeEngine[];
let supervisor: Supervisor;

beforeEach(() => {
  // A supervisor's heartbeat would find the registry closed where a later test takes longer than it.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  home = mkdtempSync(join(tmpdir(), 'metalmo-runs-'));
  db = openRegistry(':memory:');
  engines = [];
  supervisor = new Supervisor({ db, home, launch: FakeEngine.launcher(engines) });
});

afterEach(() => {
  vi.useRealTimers();
  db.close();
  rmSync(home, { recursive: true });
});

function engine(index = 0): FakeEngine {
  const found = engines[index];
  if (found === undefined) throw new Error(`engine ${index} was not started`);
  return found;
}

function start(name = 'a run'): string {
  return supervisor.create({ config, name }).runId;
}

const checkpoint = (step: number, kind?: string): TrainReport => checkpointReport(home, step, kind);

describe('Supervisor', () => {
  it('takes a run from its start to its end and stores what it is told before it announces it', async () => {
    const seen: string[] = [];
    supervisor.on('metrics', (runId) => seen.push(`metrics ${readMetric(db, runId, 'student.loss').values.length}`));
    supervisor.on('run', (run) => {
      expect(getRun(db, run.runId).status).toBe(run.status);
      seen.push(run.status);
    });
    const runId = start();
    expect(engine().commands).toMatchObject([{ type: 'train', request: { runId, start: { kind: 'fresh' } } }]);
    engine().begin();
    engine().say(progressReport(2, [3, NaN]));
    engine().say({ type: 'finished', step: 40, examplesSeen: 640, scores: { 'validation.latest.loss': 2 } });
    engine().exit();
    const run = await supervisor.whenEnded(runId);
    expect(run).toMatchObject({ status: 'finished', scores: { 'validation.latest.loss': 2 }, error: null });
    expect([...new Set(seen)]).toEqual(['queued', 'starting', 'running', 'metrics 2', 'finished']);
    expect(engine().commands.filter(({ type }) => type === 'acknowledge')).toHaveLength(4);
  });

  it('runs one at a time, in order, and leaves out a waiting run that is stopped', async () => {
    const [first, second, third] = [start(), start(), start()];
    expect(engines).toHaveLength(1);
    expect(getRun(db, second).status).toBe('queued');
    supervisor.stop(second);
    engine().say({ type: 'finished', step: 40, examplesSeen: 640, scores: {} });
    engine().exit();
    await supervisor.whenEnded(first);
    expect(getRun(db, second).status).toBe('stopped');
    expect(getRun(db, third).status).toBe('starting');
    expect(engines).toHaveLength(2);
  });

  it('stops: asks once, is stopping, then stopped', async () => {
    const runId = start();
    engine().begin();
    expect(supervisor.stop(runId).status).toBe('stopping');
    supervisor.stop(runId);
    expect(engine().commands.filter(({ type }) => type === 'stop')).toHaveLength(1);
    engine().say(checkpoint(3));
    engine().say({ type: 'stopped', step: 3, examplesSeen: 48 });
    engine().exit();
    expect((await supervisor.whenEnded(runId)).status).toBe('stopped');
  });

  it('pauses and goes on', () => {
    const runId = start();
    engine().begin();
    supervisor.pause(runId);
    expect(getRun(db, runId).status).toBe('running');
    engine().say({ type: 'paused', step: 3, examplesSeen: 48 });
    expect(getRun(db, runId).status).toBe('paused');
    supervisor.continue(runId);
    engine().say({ type: 'continued', step: 3, examplesSeen: 48 });
    expect(getRun(db, runId).status).toBe('running');
    expect(() => supervisor.continue(runId)).toThrow(/is running, so it can't be continued/);
  });

  it('survives a pause that is overtaken by a stop', async () => {
    const runId = start();
    engine().begin();
    supervisor.pause(runId);
    supervisor.stop(runId);
    engine().say({ type: 'paused', step: 3, examplesSeen: 48 });
    engine().say({ type: 'continued', step: 3, examplesSeen: 48 });
    expect(getRun(db, runId).status).toBe('stopping');
    engine().say({ type: 'stopped', step: 3, examplesSeen: 48 });
    engine().exit();
    expect((await supervisor.whenEnded(runId)).status).toBe('stopped');
  });

  it('resumes from the latest checkpoint and forgets what was measured after it', async () => {
    const runId = start();
    engine().begin();
    engine().say(progressReport(4, [4, 3, 2, 1]));
    engine().say(checkpoint(2, 'best-loss'));
    engine().say(checkpoint(2));
    engine().exit({ code: null, signal: 'SIGKILL' });
    const ended = await supervisor.whenEnded(runId);
    expect(ended.status).toBe('interrupted');
    expect(ended.error?.message).toMatch(/SIGKILL.*lower training\.batchSize.*Resume/s);
    supervisor.resume(runId);
    expect(getRun(db, runId)).toMatchObject({ status: 'starting', error: null });
    expect(engine(1).commands).toMatchObject([
      {
        request: {
          start: { kind: 'resume', file: join(home, 'latest') },
          bestFiles: { 'best-loss': join(home, 'best-loss') },
        },
      },
    ]);
    expect([...readMetric(db, runId, 'student.loss').steps]).toEqual([1, 2]);
  });

  it('starts over where there is no checkpoint, with the weights it began with', async () => {
    const { runId } = supervisor.create({ config, name: 'x', from: { file: '/some/checkpoint.json' } });
    engine().say(progressReport(1, [4]));
    engine().exit({ code: 1 });
    await supervisor.whenEnded(runId);
    supervisor.resume(runId);
    expect(engine(1).commands).toMatchObject([
      { request: { start: { kind: 'weights', file: '/some/checkpoint.json' } } },
    ]);
    expect(readMetric(db, runId, 'student.loss').steps).toHaveLength(0);
  });

  it('fails a run with what its engine reports, and starts the next', async () => {
    const [first] = [start(), start()];
    engine().fail('no memory left; lower the batch size');
    expect(await supervisor.whenEnded(first)).toMatchObject({
      status: 'failed',
      error: { code: 'executor/failed', message: 'no memory left; lower the batch size' },
    });
    expect(listEvents(db, first).at(-1)).toMatchObject({ kind: 'failed' });
    expect(engines).toHaveLength(2);
  });

  it('fails a run whose engine cannot be launched', () => {
    const broken = new Supervisor({
      db,
      home,
      launch: () => {
        throw new Error('no such file');
      },
    });
    expect(broken.create({ config, name: 'x' })).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('no such file') as string },
    });
  });

  it('kills on request, which is not taken for a lack of memory', async () => {
    const runId = start();
    supervisor.kill(runId);
    expect(await supervisor.whenEnded(runId)).toMatchObject({
      status: 'interrupted',
      error: { message: expect.stringContaining('killed on request') as string },
    });
  });

  it('refuses what a state does not allow', async () => {
    const runId = start();
    expect(() => supervisor.resume(runId)).toThrow(/has not ended/);
    engine().say({ type: 'finished', step: 40, examplesSeen: 640, scores: {} });
    engine().exit();
    await supervisor.whenEnded(runId);
    expect(() => supervisor.resume(runId)).toThrow(/trained to its end/);
    expect(() => supervisor.stop(runId)).toThrow(/is finished, so it can't be stopped/);
    expect(() => supervisor.resume('nothing')).toThrow(/no run/);
  });

  it('marks runs of dead owners as interrupted at start-up, and only those', () => {
    const add = (runId: string, ownerPid: number, nowMs = Date.now()): void => {
      insertRun(db, { runId, name: runId, config, createdAtMs: 0 });
      setRunStatus(db, runId, 'starting', { nowMs, ownerPid });
    };
    // Process 1 always lives; no process has the largest id; ours is not running it.
    add('alive elsewhere', process.ppid);
    add('dead', 2 ** 22 + 1);
    add('ours by a reused id', process.pid);
    add('silent for an hour', process.ppid, Date.now() - 3_600_000);
    expect(
      supervisor
        .recover()
        .map(({ runId }) => runId)
        .sort(),
    ).toEqual(['dead', 'ours by a reused id', 'silent for an hour']);
    expect(getRun(db, 'alive elsewhere').status).toBe('starting');
    expect(getRun(db, 'dead')).toMatchObject({ status: 'interrupted', error: { code: 'run/failed' } });
  });

  it('tells of an engine that has fallen silent, and when it speaks again', () => {
    vi.useFakeTimers();
    try {
      let nowMs = 1_000_000;
      const clock = (): number => nowMs;
      const watched = new Supervisor({ db, home, launch: FakeEngine.launcher(engines), now: clock });
      const { runId } = watched.create({ config, name: 'x' });
      engine().begin();
      const told: unknown[] = [];
      watched.on('run', () => told.push(watched.silentSinceMs(runId)));
      nowMs += 19_000;
      vi.advanceTimersByTime(5000);
      expect(watched.silentSinceMs(runId)).toBeNull();
      nowMs += 6000;
      vi.advanceTimersByTime(5000);
      expect(watched.silentSinceMs(runId)).toBe(1_000_000);
      engine().say(progressReport(1));
      expect(watched.silentSinceMs(runId)).toBeNull();
      expect(told).toEqual([1_000_000, null, null]);
      expect(getRun(db, runId).heartbeatAtMs).toBe(nowMs);
    } finally {
      vi.useRealTimers();
    }
  });

  it('notices at work that another program was killed with its run', () => {
    vi.useFakeTimers();
    try {
      const watching = new Supervisor({ db, home, launch: FakeEngine.launcher(engines) });
      const told: string[] = [];
      watching.on('run', (run) => told.push(`${run.runId} ${run.status}`));
      insertRun(db, { runId: 'other', name: 'other', config, createdAtMs: 0 });
      setRunStatus(db, 'other', 'starting', { nowMs: Date.now(), ownerPid: 2 ** 22 + 1 });
      vi.advanceTimersByTime(5000);
      expect(told).toEqual(['other interrupted']);
      expect(getRun(db, 'other').error?.message).toMatch(/starts it over/);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends a run whose measurements the registry refuses, and says so', async () => {
    const runId = start();
    engine().begin();
    engine().say({
      ...progressReport(1),
      series: [{ name: 'h', steps: Float64Array.of(1.5), values: Float64Array.of(1) }],
    });
    expect(engine().killed).toBe(true);
    expect(await supervisor.whenEnded(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'file/io', message: expect.stringMatching(/could not be stored.*whole number/s) as string },
    });
  });

  it('tells of ends that nobody asked for', async () => {
    const ends: string[] = [];
    supervisor.on('ended', (run) => ends.push(`${run.name} ${run.status}`));
    supervisor.setConcurrency(4);
    const [good, broken, stopped, killed] = [start('good'), start('broken'), start('stopped'), start('killed')];
    engine(0).say({ type: 'finished', step: 40, examplesSeen: 640, scores: {} });
    engine(0).exit();
    engine(1).exit({ code: 3 });
    supervisor.stop(stopped);
    engine(2).say({ type: 'stopped', step: 3, examplesSeen: 48 });
    engine(2).exit();
    supervisor.kill(killed);
    await Promise.all([good, broken, stopped, killed].map((runId) => supervisor.whenEnded(runId)));
    expect(ends).toEqual(['good finished', 'broken failed']);
  });

  it('does not resume a run from the trash', async () => {
    const runId = start();
    engine().exit({ code: 1 });
    await supervisor.whenEnded(runId);
    setRunTrashed(db, runId, 1);
    expect(() => supervisor.resume(runId)).toThrow(/in the trash; restore it first/);
  });

  it('can be closed between the end of a training and the exit of its process', async () => {
    const runId = start();
    engine().begin();
    engine().say({ type: 'finished', step: 40, examplesSeen: 640, scores: {} });
    const closed = supervisor.close();
    engine().exit();
    await closed;
    expect(getRun(db, runId).status).toBe('finished');
  });

  it('ends the engine of a run that another program has ended, when it is closed', async () => {
    const runId = start();
    engine().begin();
    setRunStatus(db, runId, 'interrupted', { nowMs: 5 });
    await supervisor.close();
    expect(engine().killed).toBe(true);
    expect(getRun(db, runId).status).toBe('interrupted');
  });

  it('follows the runs of another program to their end', () => {
    vi.useFakeTimers();
    const shared = openRegistry(join(home, 'shared.sqlite'));
    const terminal = openRegistry(join(home, 'shared.sqlite'));
    try {
      const watching = new Supervisor({ db: shared, home, launch: FakeEngine.launcher(engines) });
      const told: string[] = [];
      watching.on('run', (run) => told.push(`${run.status} ${run.progress?.step ?? '-'}`));
      insertRun(terminal, { runId: 'other', name: 'other', config, createdAtMs: 0 });
      setRunStatus(terminal, 'other', 'starting', { nowMs: Date.now(), ownerPid: process.ppid });
      vi.advanceTimersByTime(5000);
      vi.advanceTimersByTime(5000);
      setRunProgress(terminal, 'other', progressReport(7).progress, Date.now());
      vi.advanceTimersByTime(5000);
      setRunStatus(terminal, 'other', 'finished', { nowMs: Date.now() });
      vi.advanceTimersByTime(10_000);
      expect(told).toEqual(['starting -', 'starting 7', 'finished 7']);
    } finally {
      vi.useRealTimers();
      shared.close();
      terminal.close();
    }
  });
});
