import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listMetrics, readMetric } from '../../src-main/registry/metric-reads.ts';
import { openRegistry } from '../../src-main/registry/open-registry.ts';
import { registryFile } from '../../src-main/runs/run-files.ts';
import { decodeNumber, type JsonNumber } from '../../src-shared/run/number-json.ts';
import { askHost } from '../support/ask-host.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

const waitFor = { timeout: 30_000, interval: 100 };

let shell: WebShellProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let runId: string;
/** Errors of the page, policy violations included. */
let errors: string[] = [];

const detail = () => askHost(page, 'runs.get', { runId });
const article = () => page.getByRole('article');
const button = (name: string | RegExp) => article().getByRole('button', { name, exact: true });
const chart = (name: string) => article().getByRole('region', { name, exact: true });
const section = (name: string) =>
  page.getByRole('navigation', { name: 'Sections of the run' }).getByRole('link', { name });

async function status(): Promise<string> {
  return (await article().locator('header .status').first().innerText()).trim();
}

async function step(): Promise<number> {
  const figure = await article().locator('dl.figures > div', { hasText: 'Step' }).locator('dd').innerText();
  return Number((figure.split('/')[0] ?? '').replace(/\D/g, ''));
}

async function choose(menu: string, item: RegExp): Promise<void> {
  await button(menu).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function saved(act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const downloading = page.waitForEvent('download');
  await act();
  const download = await downloading;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Every stored point by metric, as the registry has it. */
function stored(): Record<string, [step: number, value: number][]> {
  const db = openRegistry(registryFile(shell.home));
  try {
    return Object.fromEntries(
      listMetrics(db, runId).map(({ name }) => {
        const { steps, values } = readMetric(db, runId, name);
        return [name, Array.from(steps, (at, index) => [at, values[index] ?? Number.NaN])];
      }),
    );
  } finally {
    db.close();
  }
}

describe.skipIf(!hasChromium)('the page of a run', () => {
  beforeAll(async () => {
    shell = await startWebShell();
    browser = await launchChromium();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    errors = collectErrors(page);
    await page.goto(shell.address);
    await page.getByRole('navigation', { name: 'Places' }).waitFor();
    // Compiling a step is not the page's doing.
    const base = { preset: 'two-moons-mlm', overrides: { 'engine.xla': false, seed: 7 } };
    ({ runId } = await askHost(page, 'runs.start', { base, name: 'watched' }));
    await page.evaluate((id) => (location.hash = `#/runs/${id}`), runId);
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('shows a run live, and the same run after a reload', async () => {
    await expect.poll(status, waitFor).toBe('Running');
    await article()
      .getByRole('img', { name: /^Student loss, .*\d\.\d/ })
      .waitFor();
    const [address, before] = [page.url(), await step()];
    await page.reload();
    expect(page.url()).toBe(address);
    await expect.poll(status, waitFor).toBe('Running');
    await expect.poll(step, waitFor).toBeGreaterThan(before);
    expect(await page.title()).toMatch(/^watched/);
  });

  it('reads all charts at one cursor, by pointer and by keys', async () => {
    const cursors = () => article().locator('.overlay .position').allInnerTexts();
    const plot = chart('Student loss').getByRole('img');
    expect(await cursors()).toEqual([]);
    await plot.hover();
    await expect.poll(async () => (await cursors()).length, waitFor).toBeGreaterThan(1);
    expect(new Set(await cursors()).size).toBe(1);
    await page.mouse.move(2, 2);
    await expect.poll(cursors, waitFor).toEqual([]);
    await plot.press('ArrowLeft');
    await expect.poll(async () => (await cursors())[0], waitFor).toMatch(/^step /);
    await expect
      .poll(() => chart('Student loss').locator('[aria-live]').innerText(), waitFor)
      .toMatch(/Student loss \d/);
    await plot.press('Escape');
    await expect.poll(cursors, waitFor).toEqual([]);
  });

  it('pauses, goes on, stops with everything saved', async () => {
    await button('Pause').click();
    await expect.poll(status, waitFor).toBe('Paused');
    const paused = await step();
    await button('Resume').click();
    await expect.poll(step, waitFor).toBeGreaterThan(paused);
    await button('Stop and save').click();
    await expect.poll(status, waitFor).toBe('Stopped');
    await section('Events and log').click();
    await page
      .getByRole('region', { name: 'Events' })
      .getByText(/Stopped and saved at step/)
      .waitFor();
    await page.goBack();
    await chart('Student loss').waitFor();
  });

  it('saves every stored number, equal to the registry’s, as CSV and as JSON', async () => {
    const registry = stored();
    expect(registry['student.loss']?.length).toBeGreaterThan(10);
    const csv = await saved(() => choose('Save all values', /CSV/));
    expect(csv.name).toBe('watched-metrics.csv');
    const lines = csv.bytes.toString('utf8').trim().split('\n').slice(1);
    const fromCsv: typeof registry = {};
    for (const line of lines) {
      const [, , metric = '', at, , value] = line.split(',');
      (fromCsv[metric] ??= []).push([Number(at), Number(value)]);
    }
    expect(fromCsv).toEqual(registry);

    const json = await saved(() => choose('Save all values', /JSON/));
    const { runs } = JSON.parse(json.bytes.toString('utf8')) as {
      runs: { metrics: { name: string; points: [number, number, JsonNumber][] }[] }[];
    };
    const fromJson = Object.fromEntries(
      (runs[0]?.metrics ?? []).map(({ name, points }) => [
        name,
        points.map(([at, , value]) => [at, decodeNumber(value)]),
      ]),
    );
    expect(fromJson).toEqual(registry);
  });

  it('saves a chart as a picture, and shows it as a table', async () => {
    const picture = await saved(() => choose('Student loss: save or show as table', /PNG/));
    expect(picture.name).toBe('watched-student-loss.png');
    expect(picture.bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([picture.bytes.readUInt32BE(16), picture.bytes.readUInt32BE(20)]).toEqual([1920, 960]);
    await choose('Student loss: save or show as table', /Show as table/);
    await chart('Student loss').getByRole('columnheader', { name: 'Step' }).waitFor();
    await choose('Student loss: save or show as table', /Show as chart/);
  });

  it('zooms by dragging and reads that part finer, keeps it over a reload, and shows all again', async () => {
    const box = await chart('Student loss').getByRole('img').boundingBox();
    if (box === null) throw new Error('The chart has no place.');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.3, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.url(), waitFor).toMatch(/from=\d+&to=\d+/);
    await page.reload();
    await article()
      .getByText(/^Steps \d/)
      .waitFor();
    await button('Show all').click();
    await expect.poll(() => page.url(), waitFor).not.toMatch(/from=/);
  });

  it('puts the steps on axes of examples and time, and the values on log axes', async () => {
    await button('Examples').click();
    await button('Symlog').click();
    await chart('Student loss').getByRole('img').press('End');
    await expect.poll(() => article().locator('.overlay .position').first().innerText(), waitFor).toMatch(/examples$/);
    await button('Time').click();
    await chart('Student loss').getByRole('img').press('End');
    await expect
      .poll(() => article().locator('.overlay .position').first().innerText(), waitFor)
      .toMatch(/^at \d+:\d\d/);
    expect(page.url()).toMatch(/x=time&y=symlog/);
  });

  it('has a name, tags and notes, and what differs from its preset', async () => {
    await button('watched').click();
    await page.getByLabel('Name of the run').fill('watched closely');
    await page.keyboard.press('Enter');
    await article().getByRole('heading', { level: 1, name: 'watched closely' }).waitFor();
    await page.getByLabel('Add a tag').fill('paper');
    await page.keyboard.press('Enter');
    await button('Remove the tag paper').waitFor();
    await button('Add notes').click();
    await page.getByLabel('Notes').fill('Looks right.');
    await page.keyboard.press('Control+Enter');
    await button('Looks right.').waitFor();
    await section('Configuration').click();
    await page.getByRole('checkbox', { name: /Only the 2 fields that differ/ }).check();
    const rows = page.getByRole('table', { name: 'Settings of the run' }).locator('tbody tr');
    await expect.poll(() => rows.count(), waitFor).toBe(2);
    expect(await rows.allInnerTexts()).toEqual([
      expect.stringMatching(/^seed\s+differs:\s+7\s+0/),
      expect.stringMatching(/^engine\.xla\s+differs:\s+false\s+true/),
    ]);
  });

  it('says why a killed engine’s run ended, and resumes it from its checkpoint', async () => {
    await section('Charts').click();
    await button(/^Resume from step/).click();
    await expect.poll(status, waitFor).toBe('Running');
    const pid = /process (\d+) started/.exec(
      (await detail()).events.findLast(({ kind }) => kind === 'started')?.message ?? '',
    )?.[1];
    process.kill(Number(pid), 'SIGKILL');
    await expect.poll(status, waitFor).toBe('Interrupted');
    await article()
      .getByRole('alert')
      .getByText(/The engine was killed \(SIGKILL\)/)
      .waitFor();
    const { resumeStep } = (await detail()).summary;
    expect(resumeStep).toBeGreaterThan(0);
    expect((await button(/^Resume from step/).innerText()).replace(/\D/g, '')).toBe(String(resumeStep));
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await button(/^Resume from step/).click();
    await expect.poll(status, waitFor).toBe('Running');
    await expect.poll(step, waitFor).toBeGreaterThan(resumeStep ?? 0);
    await button('Stop and save').click();
    await expect.poll(status, waitFor).toBe('Stopped');
  });

  it('is accessible in every section, light and dark, and fits into 900 pixels', async () => {
    await page.setViewportSize({ width: 900, height: 700 });
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const name of ['Charts', 'Configuration', 'Checkpoints', 'Events and log', 'System']) {
        await section(name).click();
        await expect.poll(() => section(name).getAttribute('aria-current'), waitFor).toBe('page');
        await expect.poll(() => article().locator('[aria-busy]').count(), waitFor).toBe(0);
        expect([name, await findAccessibilityProblems(page)]).toEqual([name, []]);
        const overflow = await page.evaluate(() =>
          [document.documentElement, document.querySelector('.detail')].map((one) =>
            one ? one.scrollWidth - one.clientWidth : 0,
          ),
        );
        expect([name, overflow]).toEqual([name, [0, 0]]);
      }
    }
  });

  it('broke nothing of its own policy on the way', () => {
    expect(errors).toEqual([]);
  });
});
