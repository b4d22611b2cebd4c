import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTwoMoons } from '../../../src-main/engine/data/two-moons-data.ts';
import { openStudio, type Studio } from '../../../src-main/open-studio.ts';
import { openRegistry, type Registry } from '../../../src-main/registry/open-registry.ts';
import { insertRun, setRunScores, setRunStatus } from '../../../src-main/registry/runs.ts';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import { twoMoonsFinetuning } from '../../../src-shared/config/presets/two-moons.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { AnswerBody, RequestInput, RequestName } from '../../../src-shared/ipc/contract.ts';
import { FakeEngine } from '../../support/fake-engine.ts';

let home: string;
let db: Registry;
let studio: Studio;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-moons-'));
  db = openRegistry(join(home, 'registry.sqlite'));
  studio = openStudio({ home, launch: FakeEngine.launcher([]), doctor: () => Promise.reject(new Error('unused')) });
});
afterEach(async () => {
  await studio.close();
  db.close();
  rmSync(home, { recursive: true });
});

async function ask<Name extends RequestName>(name: Name, body: RequestInput<Name>): Promise<AnswerBody<Name>> {
  const answer = await studio.dispatch({ kind: 'request', id: 1, name, body });
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return JSON.parse(JSON.stringify(answer.body)) as AnswerBody<Name>;
}

let created = 0;
function finished(
  runId: string,
  config: RunConfig,
  accuracy: number,
  from?: { runId: string; kind: string },
  isFinished = true,
): void {
  created += 1;
  const parent = from && { parentRunId: from.runId, parentCheckpoint: `/home/x/${from.kind}/checkpoint-00000040.json` };
  insertRun(db, { runId, name: runId, config, createdAtMs: created, ...parent });
  setRunStatus(db, runId, 'starting', { nowMs: 1, ownerPid: 1 });
  setRunScores(db, runId, { 'test.best-accuracy.accuracy': accuracy, 'test.latest.accuracy': accuracy - 10 });
  setRunStatus(db, runId, isFinished ? 'finished' : 'stopped', { nowMs: 2 });
}

const seeded = (config: RunConfig, seed: number): RunConfig => ({
  ...config,
  seed,
  data: config.data.kind === 'two-moons' ? { ...config.data, dataSeed: seed } : config.data,
});

describe('the handlers of Two Moons', () => {
  it('put fine-tunings into the rows of the report, mean and deviation over seeds', async () => {
    finished('mlm', preset('two-moons-mlm'), 0);
    finished('fixed', preset('two-moons-soft-denoising'), 0);
    finished('a', seeded(twoMoonsFinetuning(10), 0), 60, { runId: 'mlm', kind: 'best-loss' });
    finished('b', seeded(twoMoonsFinetuning(10), 1), 70, { runId: 'mlm', kind: 'best-loss' });
    finished('c', twoMoonsFinetuning(10), 50, { runId: 'mlm', kind: 'latest' });
    finished('d', twoMoonsFinetuning(160), 90, { runId: 'fixed', kind: 'latest' });
    finished('e', twoMoonsFinetuning(20), 55);
    const cells = await ask('twoMoons.results', { tested: 'best-accuracy' });
    const brief = cells.map(({ row, labels, mean, std, runIds, atReport }) => [
      row,
      labels,
      mean,
      std,
      runIds,
      atReport,
    ]);
    expect(brief).toEqual([
      ['no pretraining', 20, 55, null, ['e'], true],
      ['soft, fixed y', 160, 90, null, ['d'], true],
      ['MLM (latest)', 10, 50, null, ['c'], true],
      ['MLM (best loss)', 10, 65, expect.closeTo(Math.sqrt(50), 9), ['b', 'a'], true],
    ]);
    expect((await ask('twoMoons.results', { tested: 'latest' }))[0]?.mean).toBe(45);
    expect(await ask('twoMoons.results', { tested: 'best-loss' })).toEqual([]);
  });

  it('keep runs at other settings apart, and pretrainings that ended early', async () => {
    const other = twoMoonsFinetuning(10);
    finished('mlm', preset('two-moons-mlm'), 0);
    finished('early', preset('two-moons-mlm'), 0, undefined, false);
    finished('smoke', preset('two-moons-mlm-smoke'), 0);
    finished('a', { ...other, optimizer: { ...other.optimizer, learningRate: 0.5 } }, 60, {
      runId: 'mlm',
      kind: 'latest',
    });
    finished('b', twoMoonsFinetuning(10), 62, { runId: 'smoke', kind: 'latest' });
    finished('c', twoMoonsFinetuning(10), 64, { runId: 'early', kind: 'latest' });
    finished('d', { ...other, engine: { ...other.engine, executor: 'wasm' } }, 66, { runId: 'mlm', kind: 'latest' });
    const cells = await ask('twoMoons.results', { tested: 'best-accuracy' });
    expect(cells.map(({ row, atReport, runIds }) => [row, atReport, runIds])).toEqual([
      ['MLM (latest)', true, ['d']],
      ['MLM (latest)', false, ['c', 'b', 'a']],
    ]);
  });

  it('leave out what is not finished, is in the trash, or began with something unknown', async () => {
    finished('mlm', preset('two-moons-mlm'), 0);
    finished('a', twoMoonsFinetuning(10), 60, { runId: 'mlm', kind: 'step-100' });
    finished('b', twoMoonsFinetuning(10), 60, undefined, false);
    finished('c', twoMoonsFinetuning(10), 60);
    await ask('runs.trash', { runIds: ['c'] });
    expect(await ask('twoMoons.results', { tested: 'best-accuracy' })).toEqual([]);
  });

  it('show the points of the unlabeled texts that are trained on', async () => {
    const config = preset('two-moons-finetune-smoke');
    finished('a', config, 60);
    const { x, y } = await ask('data.unlabeledPoints', { runId: 'a', points: 32 });
    expect([x.length, y.length]).toEqual([32, 32]);
    if (config.data.kind !== 'two-moons') throw new Error('unreachable');
    const data = await loadTwoMoons(config.data);
    const points = (text: string): string[] => (text.match(/\d+ \d+/g) ?? []).sort();
    const text = data.decode(data.unlabeledTrain.read(0)).replace(/\[\w+\]/g, '');
    expect(
      x
        .slice(0, 16)
        .map((column, i) => `${column} ${y[i]}`)
        .sort(),
    ).toEqual(points(text));
    await expect(ask('data.unlabeledPoints', { runId: 'nobody', points: 1 })).rejects.toThrow('registry/not-found');
  });
});
