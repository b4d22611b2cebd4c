import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMetric } from '../../src-main/registry/metric-reads.ts';
import { openRegistry } from '../../src-main/registry/open-registry.ts';
import { getRun } from '../../src-main/registry/runs.ts';
import { registryFile } from '../../src-main/runs/run-files.ts';
import { askHost } from '../support/ask-host.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

const RUNS = [
  { name: 'steady', overrides: { seed: 0 } },
  { name: 'steady', overrides: { seed: 1 } },
  { name: 'fast', overrides: { 'optimizer.learningRate': 0.5 } },
];
const waitFor = { timeout: 90_000, interval: 250 };
const soon = { timeout: 15_000, interval: 50 };

let shell: WebShellProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let runIds: string[] = [];
/** Errors of the page, policy violations included. */
let errors: string[] = [];

const tab = (name: string) => page.getByRole('tab', { name });
const panel = (name: string) => page.getByRole('region', { name, exact: true });

/** The file that choosing an item of a menu saves. */
async function saved(menu: string | RegExp, item: RegExp): Promise<{ name: string; text: string }> {
  await page.getByRole('button', { name: menu }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).first().click(),
  ]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

async function expectAccessible(): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findAccessibilityProblems(page)).toEqual([]);
  }
}

const overflow = () =>
  page.evaluate(() =>
    [document.documentElement, document.querySelector('main')].map((one) =>
      one ? one.scrollWidth - one.clientWidth : -1,
    ),
  );

describe.skipIf(!hasChromium)('comparing runs in a browser', () => {
  beforeAll(async () => {
    shell = await startWebShell();
    browser = await launchChromium();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    errors = collectErrors(page);
    await page.goto(shell.address);
    await page.getByRole('heading', { level: 1 }).waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('trains three small runs', async () => {
    await askHost(page, 'settings.set', { concurrency: 2 });
    for (const { name, overrides } of RUNS) {
      const base = { preset: 'two-moons-mlm-smoke', overrides: { 'engine.xla': false, ...overrides } };
      runIds.push((await askHost(page, 'runs.start', { base, name })).runId);
    }
    const statuses = async () => (await askHost(page, 'runs.summaries', { runIds })).map(({ status }) => status);
    await expect.poll(statuses, waitFor).toEqual(['finished', 'finished', 'finished']);
  });

  it('chooses runs by search and keyboard, and keeps them in the address', async () => {
    await page.goto(`${new URL('/', page.url()).href}#/compare`);
    const field = page.getByRole('combobox', { name: /^Add a run/ });
    await field.click();
    await field.fill('steady');
    await expect.poll(() => page.getByRole('listbox').getByRole('option').count(), soon).toBe(2);
    await field.press('Enter');
    await field.press('ArrowDown');
    await field.press('Enter');
    await field.fill('fast');
    await expect.poll(() => page.getByRole('listbox').getByRole('option').count(), soon).toBe(1);
    await field.press('Enter');
    await field.press('Escape');
    await expect.poll(() => page.getByRole('button', { name: /^Draw / }).count(), soon).toBe(3);
    const chosen = new URLSearchParams(page.url().split('?')[1]).get('runs')?.split(',') ?? [];
    expect([...chosen].sort()).toEqual([...runIds].sort());
    runIds = chosen;
  });

  it('overlays a metric of all of them, and hides one', async () => {
    const lines = () => panel('Student loss').getByRole('img').getAttribute('aria-label');
    await expect.poll(lines, soon).toMatch(/steady, seed 1 \d.*steady, seed 0 \d.*fast \d/);
    await page.getByRole('button', { name: 'Draw fast' }).click();
    await expect.poll(lines, soon).not.toContain('fast');
    await page.getByRole('button', { name: 'Draw fast' }).click();
    await expect.poll(lines, soon).toContain('fast');
    await expectAccessible();
  });

  it('draws another metric that is searched for', async () => {
    await page.getByRole('searchbox', { name: 'Search metrics' }).fill('learning rate');
    await page.getByRole('treeitem', { name: 'Student learning rate' }).click();
    await expect
      .poll(() => panel('Student learning rate').getByRole('img').getAttribute('aria-label'))
      .toMatch(/fast 0\.\d/);
    await page.reload();
    await panel('Student learning rate').waitFor();
  });

  it('exports every point of the metric as the registry has it', async () => {
    const { text } = await saved(/^Student loss: save/, /CSV/);
    const db = openRegistry(registryFile(shell.home));
    const stored = runIds.flatMap((runId) => {
      const { steps, values } = readMetric(db, runId, 'student.loss');
      return Array.from(steps, (step, at) => [runId, step, values[at]]);
    });
    db.close();
    const exported = text
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','))
      .map(([runId, , , step, , value]) => [runId, Number(step), Number(value)]);
    expect(stored.length).toBeGreaterThan(100);
    expect(exported).toEqual(stored);
  });

  it('shows what differs in the configurations alone, and everything on demand', async () => {
    await tab('Configuration').click();
    const fields = panel('Configuration').getByRole('rowheader');
    await expect.poll(() => fields.allInnerTexts(), soon).toEqual(['seed', 'optimizer.learningRate']);
    await page.getByRole('button', { name: /^All \d+/ }).click();
    await expect.poll(() => fields.count(), soon).toBeGreaterThan(40);
  });

  it('marks the best score, and exports the table with the numbers of the registry', async () => {
    await tab('Scores').click();
    const { name, text } = await saved('Copy or save: Scores', /^Save as CSV/);
    expect(name).toBe('scores-of-3-runs.csv');
    const [head = '', ...lines] = text.trim().split('\r\n');
    expect(head.split('"').filter((part) => /steady|fast/.test(part))).toHaveLength(3);
    const cells = (label: string) =>
      lines
        .find((line) => line.startsWith(`${label},`))
        ?.split(',')
        .slice(2);
    const db = openRegistry(registryFile(shell.home));
    const stored = runIds.map((runId) => getRun(db, runId));
    db.close();
    expect(cells('Best validation loss')).toEqual(stored.map(({ bestScores }) => String(bestScores['loss']?.value)));
    expect(cells('Last training loss')).toEqual(stored.map(({ lastLoss }) => String(lastLoss)));
    const losses = stored.map(({ bestScores }) => bestScores['loss']?.value ?? Number.NaN);
    const best = panel('Scores')
      .getByRole('row', { name: /^Best validation loss/ })
      .getByRole('cell');
    const marked = await best.evaluateAll((all) => all.map((cell) => cell.querySelector('strong') !== null));
    expect(marked).toEqual(losses.map((loss) => loss === Math.min(...losses)));
    const latex = await saved('Copy or save: Scores', /^Save as LaTeX/);
    expect(latex.text).toContain('\\begin{tabular}{llrrr}');
    expect(latex.text).toContain('\\mathbf{');
    await expectAccessible();
  });

  it('averages the runs that differ in the seed alone', async () => {
    await page.getByRole('checkbox', { name: 'Mean over seeds' }).check();
    await expect.poll(() => panel('Scores').getByRole('columnheader').count(), soon).toBe(3);
    const row = panel('Scores').getByRole('row', { name: /^Best validation loss/ });
    await expect.poll(() => row.innerText(), soon).toMatch(/\d\s*(, best)?\s*± \d/);
    await page.getByRole('checkbox', { name: 'Mean over seeds' }).uncheck();
  });

  it("shows the report's SuperGLUE, and offers every checkpoint", async () => {
    await tab('SuperGLUE').click();
    await expect
      .poll(() =>
        panel('SuperGLUE, validation')
          .getByRole('row', { name: /^Report: MLM/ })
          .innerText(),
      )
      .toMatch(/66\.1[^]*52\.4/);
    await expectAccessible();
    await tab('Checkpoints').click();
    await expect.poll(() => page.getByRole('button', { name: /^Export/ }).count(), soon).toBeGreaterThanOrEqual(6);
    await expectAccessible();
  });

  it('fits into 900 pixels', async () => {
    await page.setViewportSize({ width: 900, height: 700 });
    for (const name of ['Charts', 'Scores', 'Configuration', 'SuperGLUE', 'Checkpoints']) {
      await tab(name).click();
      expect(await overflow(), name).toEqual([0, 0]);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('changes a setting that survives a reload, and refuses what is out of range', async () => {
    await page.goto(`${new URL('/', page.url()).href}#/settings`);
    const field = page.getByLabel('Runs at the same time');
    await expect.poll(() => field.inputValue(), soon).toBe('2');
    await field.fill('99');
    await page.getByText('Expected a whole number, 1 to 64.').waitFor();
    await field.press('Enter');
    expect((await askHost(page, 'settings.get', {})).concurrency).toBe(2);
    await field.fill('3');
    await field.press('Enter');
    await page.getByText('Kept').waitFor();
    await page.reload();
    await expect.poll(() => field.inputValue(), soon).toBe('3');
    expect((await askHost(page, 'queue.get', {})).concurrency).toBe(3);
  });

  it('says which engine is used and why, where things lie, and what the keys do', async () => {
    const { chosen } = await askHost(page, 'system.doctor', {});
    await panel('Engine and devices').getByText(chosen.reason, { exact: true }).waitFor();
    await panel('Storage').getByText(shell.home).waitFor();
    await panel('Machine').getByText('No run is being trained.').waitFor();
    await panel('Keyboard shortcuts').getByText('Compare').waitFor();
    await expectAccessible();
    await page.setViewportSize({ width: 900, height: 700 });
    expect(await overflow()).toEqual([0, 0]);
  });

  it('broke nothing of its own policy on the way', () => {
    expect(errors).toEqual([]);
  });
});
