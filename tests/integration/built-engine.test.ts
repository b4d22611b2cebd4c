import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { BUILDS, ensureBuilt } from '../../scripts/build/builds.mjs';
import { PROJECT_DIR } from '../../scripts/setup/project.mjs';
import { doctorInOwnProcess } from '../../src-main/doctor-process.ts';
import { openStudio } from '../../src-main/open-studio.ts';
import { forkEngine } from '../../src-main/runs/engine-process.ts';
import type { RunSummary } from '../../src-shared/ipc/run-views.ts';

it('trains in the engine that a packaged app carries, data thread included', async () => {
  expect(await ensureBuilt(PROJECT_DIR, BUILDS.engine, console.log)).toBe(true);
  const built = (file: string): URL =>
    pathToFileURL(path.join(PROJECT_DIR, 'out', 'engine', 'src-main', 'engine-host', file));
  const home = mkdtempSync(path.join(tmpdir(), 'metalmo-built-'));
  const doctor = doctorInOwnProcess(built('diagnose-main.js'));
  const studio = openStudio({ home, launch: forkEngine(built('main.js')), doctor });
  const ask = async (name: string, body: unknown): Promise<unknown> => {
    const answer = await studio.dispatch({ kind: 'request', id: 1, name, body });
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.body;
  };
  try {
    const base = { preset: 'two-moons-mlm-smoke', overrides: { 'engine.xla': false } };
    const { runId } = (await ask('runs.start', { base })) as RunSummary;
    const run = async (): Promise<RunSummary> =>
      ((await ask('runs.summaries', { runIds: [runId] })) as RunSummary[])[0]!;
    await expect
      .poll(
        async () => {
          const { status, error } = await run();
          return error?.message ?? status;
        },
        { timeout: 120_000, interval: 250 },
      )
      .toBe('finished');
    expect((await run()).lastLoss).toBeGreaterThan(0);
    expect(await doctor()).toMatchObject({ chosen: { name: expect.any(String) as string } });
  } finally {
    await studio.close();
    rmSync(home, { recursive: true, force: true });
  }
});
