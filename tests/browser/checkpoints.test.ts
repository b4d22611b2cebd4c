import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExport } from '../../src-main/engine/interchange/read-export.ts';
import { readCheckpoint } from '../../src-main/engine/train/checkpoint.ts';
import { checkpointDirectory } from '../../src-main/runs/run-files.ts';
import { PageClient } from '../screenshots/page-client.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

const END_MS = 150_000;

let shell: WebShellProcess;
let browser: Browser;
let page: Page;
let client: PageClient;
let runId: string;

describe.skipIf(!hasChromium)("a run's checkpoints in a browser", () => {
  beforeAll(async () => {
    shell = await startWebShell();
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    await page.goto(shell.address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    client = await PageClient.connect(page);
    const overrides = { 'engine.xla': false, 'training.keepCheckpointEveryExamples': 320 };
    ({ runId } = await client.request('runs.start', {
      base: { preset: 'two-moons-mlm-smoke', overrides },
      name: 'away',
    }));
    await page.goto(`${new URL('/', page.url()).href}#/runs/${runId}?tab=checkpoints`);
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('appear while the run goes on, the kept ones too', async () => {
    const names = page.getByRole('table', { name: 'Checkpoints of away' }).getByRole('rowheader');
    await expect
      .poll(() => names.allInnerTexts(), { timeout: END_MS })
      .toEqual(['Latest', 'Best accuracy', 'Best loss', 'Step 40', 'Step 20']);
    expect(await findAccessibilityProblems(page)).toEqual([]);
  }, 200_000);

  it('are exported with their numbers unchanged', async () => {
    await expect
      .poll(async () => (await client.request('runs.summaries', { runIds: [runId] }))[0]?.status, { timeout: END_MS })
      .toBe('finished');
    await page.getByRole('button', { name: 'Export Step 20' }).click();
    await page.getByRole('textbox', { name: 'New folder on the host' }).fill('taken');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByText('model.safetensors').waitFor({ timeout: 60_000 });
    expect(await findAccessibilityProblems(page)).toEqual([]);
    const folder = join(shell.home, 'exports/taken');
    const { facts, student } = await readExport(folder);
    expect(facts.checkpoint).toMatchObject({ runId, kind: 'step-20', step: 20 });
    const stored = await readCheckpoint(join(checkpointDirectory(shell.home, runId), 'step-20'));
    expect(student).toEqual(stored.variables['student.parameters']);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('# away, step 20');
  }, 200_000);

  it('say what is wrong with a folder, and keep the words', async () => {
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Export Latest' }).click();
    const folder = page.getByRole('textbox', { name: 'New folder on the host' });
    await folder.fill('taken');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('alert').getByText('exists already').waitFor();
    expect(await folder.inputValue()).toBe('taken');
    await folder.press('Escape');
    await folder.waitFor({ state: 'detached' });
    expect(readdirSync(join(shell.home, 'exports'))).toEqual(['taken']);
  });

  it('start a run: from the list, and from an exported folder', async () => {
    await page.getByRole('link', { name: 'Start from it: Latest' }).click();
    await page.getByRole('heading', { name: 'New run' }).waitFor();
    await page.getByRole('combobox', { name: 'Checkpoint', exact: true }).waitFor();
    expect(new URL(page.url()).hash).toContain(`weights=${runId}`);
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByRole('button', { name: 'Import…' }).click();
    await page.getByRole('textbox', { name: 'Exported folder on the host' }).fill(join(shell.home, 'exports/taken'));
    await page.getByRole('button', { name: 'Import weights' }).click();
    await expect.poll(() => new URL(page.url()).hash, { timeout: 60_000 }).toMatch(/weights=\d{8}-/);
    expect(new URL(page.url()).hash).not.toContain(runId);
    expect(await findAccessibilityProblems(page)).toEqual([]);
  }, 100_000);
});
