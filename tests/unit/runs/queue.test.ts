import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import type { TrainReport } from '../../../src-shared/ipc/engine-protocol.ts';
import { getCheckpoint } from '../../../src-main/registry/checkpoints.ts';
import { listEvents } from '../../../src-main/registry/events.ts';
import { readMetric } from '../../../src-main/registry/metric-reads.ts';
import { openRegistry, type Registry } from '../../../src-main/registry/open-registry.ts';
import { getRun, listRuns } from '../../../src-main/registry/runs.ts';
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

describe("a supervisor's queue", () => {
  it('saves what runs when it is closed; what waits waits on, in its order, for the next process', async () => {
    const [first, second, third] = [start(), start(), start()];
    supervisor.moveInQueue(third, second);
    engine().begin();
    const closed = supervisor.close();
    expect(engine().commands.at(-1)).toEqual({ type: 'stop' });
    engine().say(checkpoint(5));
    engine().say({ type: 'stopped', step: 5, examplesSeen: 80 });
    engine().exit();
    await closed;
    const statuses = (): string[] => [first, second, third].map((runId) => getRun(db, runId).status);
    expect(statuses()).toEqual(['stopped', 'queued', 'queued']);
    expect(getCheckpoint(db, first, 'latest')?.step).toBe(5);
    expect(engines).toHaveLength(1);

    // The next process has another id than the one that has gone.
    db.prepare("UPDATE runs SET owner_pid = ? WHERE status = 'queued'").run(2 ** 22 + 1);
    const next = new Supervisor({ db, home, launch: FakeEngine.launcher(engines) });
    next.recover();
    next.adoptQueue();
    expect(statuses()).toEqual(['stopped', 'queued', 'starting']);
    expect(engine(1).commands).toMatchObject([{ request: { runId: third, start: { kind: 'fresh' } } }]);
    expect(next.waitingRunIds()).toEqual([second]);
    expect(listEvents(db, third).map(({ kind }) => kind)).toEqual(['created', 'started']);
  });

  it('leaves the queue of a living process alone', () => {
    const runId = start();
    db.prepare("UPDATE runs SET status = 'queued', owner_pid = ?").run(process.ppid);
    const other = new Supervisor({ db, home, launch: FakeEngine.launcher(engines) });
    other.adoptQueue();
    expect(other.waitingRunIds()).toEqual([]);
    expect(getRun(db, runId).ownerPid).toBe(process.ppid);
  });

  it('goes on from the checkpoint with a run that waited to be resumed when its process ended', () => {
    start();
    const { runId } = supervisor.create({ config, name: 'resumed' });
    engine().exit({ code: 1 });
    return Promise.resolve().then(() => {
      engine(1).begin();
      engine(1).say(progressReport(4, [4, 3, 2, 1]));
      engine(1).say(checkpoint(2));
      engine(1).exit({ code: 1 });
      start('in front');
      supervisor.resume(runId);
      expect(getRun(db, runId)).toMatchObject({ status: 'queued', queuePosition: 0, resumeStep: 2 });
      db.prepare("UPDATE runs SET owner_pid = ? WHERE status = 'queued'").run(2 ** 22 + 1);
      const launched: FakeEngine[] = [];
      new Supervisor({ db, home, launch: FakeEngine.launcher(launched) }).adoptQueue();
      expect(launched[0]?.commands).toMatchObject([{ request: { runId, start: { kind: 'resume' } } }]);
      expect([...readMetric(db, runId, 'student.loss').steps]).toEqual([1, 2]);
    });
  });

  it('starts as many engines as it may, at once when that becomes more', () => {
    const runIds = [start(), start(), start(), start()];
    supervisor.setConcurrency(3);
    expect(supervisor.activeRunIds()).toEqual(runIds.slice(0, 3));
    supervisor.setConcurrency(1);
    expect(supervisor.activeRunIds()).toHaveLength(3);
  });

  it('lets the queue be reordered, and refuses what does not wait in it', () => {
    const [running, a, b, c] = [start(), start(), start(), start()];
    supervisor.moveInQueue(c, a);
    expect(supervisor.waitingRunIds()).toEqual([c, a, b]);
    supervisor.moveInQueue(c, null);
    expect(supervisor.waitingRunIds()).toEqual([a, b, c]);
    supervisor.moveInQueue(a, a);
    expect(supervisor.waitingRunIds().map((runId) => getRun(db, runId).queuePosition)).toEqual([0, 1, 2]);
    expect(() => supervisor.moveInQueue(running, a)).toThrow(/does not wait/);
    expect(() => supervisor.moveInQueue(a, running)).toThrow(/does not wait/);
    expect(supervisor.waitingRunIds()).toEqual([a, b, c]);
  });

  it('starts several runs together or none of them', () => {
    const requests = [
      { config, name: 'a' },
      { config: { ...config, seed: 1n as never }, name: 'b' },
    ];
    expect(() => supervisor.createAll(requests)).toThrow();
    expect(listRuns(db)).toEqual([]);
    expect(
      supervisor
        .createAll([
          { config, name: 'a' },
          { config, name: 'b' },
        ])
        .map(({ status }) => status),
    ).toEqual(['starting', 'queued']);
  });
});
