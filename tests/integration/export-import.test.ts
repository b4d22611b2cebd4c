import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listCheckpoints } from '../../src-main/registry/checkpoints.ts';
import { openRegistry } from '../../src-main/registry/open-registry.ts';
import { findRun } from '../../src-main/registry/runs.ts';
import { registryFile } from '../../src-main/runs/run-files.ts';
import { readCheckpoint } from '../../src-main/engine/train/checkpoint.ts';
import { readExport } from '../../src-main/engine/interchange/read-export.ts';
import type { CheckpointRecord } from '../../src-shared/run/records.ts';
import { runCli, startCli, type CliResult } from '../support/cli.ts';

/** The real command: a run, its weights away and in again, a run that starts from them. */

let folder: string;
let home: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'metalmo-export-'));
  home = join(folder, 'home');
});

afterAll(() => rmSync(folder, { recursive: true }));

function cli(command: string, ...args: string[]): Promise<CliResult> {
  return runCli(command, '--home', home, '--json', ...args);
}

function checkpointsOf(run: string): CheckpointRecord[] {
  const db = openRegistry(registryFile(home));
  try {
    return listCheckpoints(db, findRun(db, run).runId);
  } finally {
    db.close();
  }
}

async function studentOf(checkpoint: CheckpointRecord | undefined): Promise<unknown> {
  return (await readCheckpoint(checkpoint?.file ?? '')).variables['student.parameters'];
}

const SMALL = ['--set', 'training.epochs=1', '--set', 'engine.xla=false'];

describe('export and import', () => {
  it('take a model away with its numbers unchanged, and start a run from it', { timeout: 300_000 }, async () => {
    const trained = await cli('run', '--preset', 'two-moons-hard-smoke', '--name', 'first', ...SMALL);
    expect(trained.stderr).not.toMatch(/^metalmo:/m);
    const out = join(folder, 'model');
    const exported = await cli('export', 'first', '--checkpoint', 'latest', '--format', 'safetensors', '--out', out);
    expect(exported).toMatchObject({ code: 0 });
    expect(exported.lines.at(-1)).toMatchObject({ checkpoint: 'latest', step: 20, folder: out });
    const latest = checkpointsOf('first').find(({ kind }) => kind === 'latest');
    const student = await studentOf(latest);
    expect((await readExport(out)).student).toEqual(student);
    expect((await readExport(out)).teacher).toBeInstanceOf(Float32Array);

    const imported = await cli('import', out, '--name', 'second');
    expect(imported).toMatchObject({ code: 0 });
    expect(imported.lines.at(-1)).toMatchObject({ name: 'second', objective: 'hard', step: 20 });
    expect(await studentOf(checkpointsOf('second')[0])).toEqual(student);

    const tuned = await cli(
      'run',
      '--preset',
      'two-moons-finetune-smoke',
      '--from',
      'second',
      '--name',
      'third',
      ...SMALL,
    );
    expect(tuned).toMatchObject({ code: 0 });
    expect(tuned.lines.at(-1)).toMatchObject({ status: 'finished' });

    // Refused, in one line, with nothing written.
    const before = readdirSync(join(home, 'runs'));
    const refusals: [args: string[], message: RegExp][] = [
      [['export', 'first', '--out', out], /exists already/],
      [
        ['export', 'first', '--checkpoint', 'best:nothing', '--out', join(folder, 'x')],
        /has no checkpoint 'best:nothing'/,
      ],
      [['import', home], /holds no config\.json/],
      [['run', '--preset', 'two-moons-mlm-smoke', '--from', out], /metalmo import/],
    ];
    const results = await Promise.all(refusals.map(([[command = '', ...args]]) => cli(command, ...args)));
    results.forEach((result, i) => {
      expect({ code: result.code, lines: result.lines }).toEqual({ code: 2, lines: [] });
      expect(result.stderr.trim().split('\n')).toEqual([expect.stringMatching(refusals[i]?.[1] ?? /^$/)]);
    });
    expect(readdirSync(join(home, 'runs'))).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['home', 'model']);
  });

  it('makes no home for what it refuses', { timeout: 60_000 }, async () => {
    const other = join(folder, 'other-home');
    const refused = await runCli('import', '--home', other, join(folder, 'nowhere'));
    expect(refused).toMatchObject({ code: 2 });
    expect(existsSync(other)).toBe(false);
  });

  it('export from a running run that replaces its checkpoints meanwhile', { timeout: 300_000 }, async () => {
    const run = startCli(
      ...['run', '--home', home, '--json', '--preset', 'two-moons-mlm-smoke', '--name', 'busy'],
      ...['--set', 'training.epochs=500', '--set', 'training.checkpointEveryExamples=16', '--set', 'engine.xla=false'],
    );
    try {
      await waitFor(() => existsSync(registryFile(home)) && hasCheckpoint('busy'));
      for (const name of ['busy-1', 'busy-2', 'busy-3']) {
        const out = join(folder, name);
        const exported = await cli('export', 'busy', '--out', out);
        expect(exported.stderr).toBe('');
        const { facts } = await readExport(out);
        expect(facts.checkpoint.step).toBe(exported.lines.at(-1)?.['step']);
        expect(readFileSync(join(out, 'README.md'), 'utf8')).toMatch(/preset `two-moons-mlm-smoke`, running/);
      }
      const steps = ['busy-1', 'busy-3'].map(
        (name) =>
          (JSON.parse(readFileSync(join(folder, name, 'config.json'), 'utf8')) as { checkpoint: { step: number } })
            .checkpoint.step,
      );
      // It did go on while it was read.
      expect(steps[1]).toBeGreaterThan(steps[0] ?? Infinity);
    } finally {
      run.process.kill('SIGINT');
      await run.result;
    }
  });
});

function hasCheckpoint(run: string): boolean {
  try {
    return checkpointsOf(run).length > 0;
  } catch {
    return false;
  }
}

async function waitFor(condition: () => boolean): Promise<void> {
  const endMs = Date.now() + 120_000;
  while (!condition()) {
    if (Date.now() > endMs) throw new Error('waited two minutes');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
