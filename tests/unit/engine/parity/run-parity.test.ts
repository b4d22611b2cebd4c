import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKernelExecutor } from '../../../../src-main/engine/executors/kernels/create-kernel-executor.ts';
import type { Executor } from '../../../../src-main/engine/executors/executor.ts';
import { runParity } from '../../../../src-main/engine/parity/run-parity.ts';
import { FIXTURES } from '../../../parity/check-parity.ts';

describe('runParity', () => {
  let folder: string;
  let executor: Executor;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parity-'));
    executor = await createKernelExecutor('wasm');
  });
  afterEach(() => {
    executor.dispose();
    rmSync(folder, { recursive: true });
  });
  const copy = (path: string, to = path): void => cpSync(join(FIXTURES, path), join(folder, to), { recursive: true });

  it('runs the cases that are there, under whatever variant names, and names what it does not know', async () => {
    copy('mlm/prenorm_gelu_pad', 'mlm/another name');
    mkdirSync(join(folder, 'poems'));
    const report = await runParity({ fixturesDir: folder, executor });
    expect(new Set(report.comparisons.map((c) => `${c.case}/${c.variant}`))).toEqual(new Set(['mlm/another name']));
    expect(report.within).toBe(true);
    expect(report.notRun).toEqual(['poems']);
  });

  it('finds a number that is off', async () => {
    copy('mlm/prenorm_gelu_pad');
    const file = join(folder, 'mlm/prenorm_gelu_pad/data.json');
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as { steps: { loss: number }[] };
    const step = recorded.steps[2];
    if (step === undefined) throw new Error('the fixture has fewer steps');
    step.loss *= 1.0001;
    writeFileSync(file, JSON.stringify(recorded));
    const report = await runParity({ fixturesDir: folder, executor });
    expect(report.comparisons.filter((c) => !c.within).map((c) => c.quantity)).toEqual(['loss']);
    expect(report.within).toBe(false);
  });

  it('says what is wrong with a folder it cannot use', async () => {
    await expect(runParity({ fixturesDir: join(folder, 'none'), executor })).rejects.toThrow(/no folder/);
    await expect(runParity({ fixturesDir: folder, executor })).rejects.toThrow(/holds no fixture case/);
    copy('mlm/prenorm_gelu_pad');
    writeFileSync(join(folder, 'mlm/prenorm_gelu_pad/data.json'), '{"steps": []');
    await expect(runParity({ fixturesDir: folder, executor })).rejects.toThrow(/data.json is not valid JSON/);
    writeFileSync(join(folder, 'mlm/prenorm_gelu_pad/data.json'), '{"steps": [{}], "config": {}}');
    await expect(runParity({ fixturesDir: folder, executor })).rejects.toThrow(/"config" is not usable/);
  });
});
