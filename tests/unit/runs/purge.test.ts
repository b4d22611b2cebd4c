import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMetric } from '../../../src-main/registry/metric-reads.ts';
import { appendMetrics } from '../../../src-main/registry/metrics.ts';
import { openRegistry, type Registry } from '../../../src-main/registry/open-registry.ts';
import { rowBytes } from '../../../src-main/registry/row-bytes.ts';
import { getRun, insertRun, setRunStatus } from '../../../src-main/registry/runs.ts';
import { purgeRun, reclaimSpace } from '../../../src-main/runs/purge.ts';
import { registryFile, runDirectory } from '../../../src-main/runs/run-files.ts';
import { preset } from '../../../src-shared/config/presets/preset.ts';

const POINTS = 30_000;
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-purge-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

/** Two runs of the same points, one of which has files. */
function fill(db: Registry): void {
  const steps = Float64Array.from({ length: POINTS }, (_, step) => step);
  for (const runId of ['keep', 'purge']) {
    insertRun(db, { runId, name: runId, config: preset('two-moons-mlm'), createdAtMs: 1 });
    setRunStatus(db, runId, 'stopped', { nowMs: 2 });
    appendMetrics(db, runId, [{ name: 'student.loss', steps, values: steps.map(Math.sin) }], 0);
  }
  mkdirSync(join(runDirectory(home, 'purge'), 'checkpoints', 'latest'), { recursive: true });
  writeFileSync(join(runDirectory(home, 'purge'), 'checkpoints', 'latest', 'state.bin'), new Uint8Array(5000));
  writeFileSync(join(runDirectory(home, 'purge'), 'engine.log'), 'log');
}

const sizeOf = (db: Registry): number => {
  db.pragma('wal_checkpoint(TRUNCATE)');
  return statSync(registryFile(home)).size;
};

async function purge(db: Registry): Promise<void> {
  fill(db);
  const before = sizeOf(db);
  const expected = rowBytes(db, 'purge');
  expect(await purgeRun(db, home, 'purge')).toBe(5003);
  expect(existsSync(runDirectory(home, 'purge'))).toBe(false);
  expect(() => getRun(db, 'purge')).toThrow(/no run/);
  const freed = await reclaimSpace(db);
  expect(before - statSync(registryFile(home)).size).toBe(freed);
  // What a list says that a run takes is about what purging it frees.
  expect(freed).toBeGreaterThan(expected * 0.7);
  expect(freed).toBeLessThan(expected * 1.3);
  expect(readMetric(db, 'keep', 'student.loss').values).toHaveLength(POINTS);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
}

describe('purging a run', () => {
  it('deletes files and rows, and the file of the registry shrinks by what the run took', async () => {
    const db = openRegistry(registryFile(home));
    expect(db.pragma('auto_vacuum', { simple: true })).toBe(2);
    await purge(db);
  });

  it('frees space in a registry that was made without incremental vacuum, and from then on', async () => {
    const old = new Database(registryFile(home));
    old.exec('CREATE TABLE old (a); DROP TABLE old');
    old.close();
    const db = openRegistry(registryFile(home));
    expect(db.pragma('auto_vacuum', { simple: true })).toBe(0);
    await purge(db);
    const again = openRegistry(registryFile(home));
    expect(again.pragma('auto_vacuum', { simple: true })).toBe(2);
    again.close();
  });

  it('gives other work its turn in between', async () => {
    const db = openRegistry(registryFile(home));
    fill(db);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    await purgeRun(db, home, 'purge');
    clearInterval(counting);
    expect(turns).toBeGreaterThan(1);
    db.close();
  });
});
