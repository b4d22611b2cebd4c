import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askHost } from '../support/ask-host.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';

import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

const wait = { timeout: 20_000, interval: 50 };
/** Other tests may have the cores. */
const END_OF_RUNS_MS = 100_000;

let shell: WebShellProcess;
let browser: Browser;
let page: Page;
/** Errors of the page, policy violations included. */
let errors: string[] = [];

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const grid = () => page.getByRole('grid', { name: 'Runs' });
const rows = () => grid().locator('[aria-rowindex]:not([aria-rowindex="1"])');
const header = (name: string) => page.getByRole('columnheader', { name: new RegExp(`^${name}`) });
const names = () => rows().locator('a').allInnerTexts();
const message = (text: RegExp) => page.getByRole('region', { name: 'Messages' }).getByText(text);

describe.skipIf(!hasChromium)('the table of all runs', () => {
  beforeAll(async () => {
    shell = await startWebShell();
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    errors = collectErrors(page);
    await page.goto(shell.address);
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('says what to do first, then shows runs as they are started and end', async () => {
    await page.getByText('Nothing has been trained yet').waitFor();
    await button('Start a Two Moons run').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await askHost(page, 'queue.setConcurrency', { concurrency: 2 });
    const { runs } = await askHost(page, 'sweeps.start', {
      base: { preset: 'two-moons-mlm-smoke', overrides: { 'engine.xla': false, 'training.epochs': 1 } },
      name: 'moons',
      tags: ['baseline'],
      axes: [],
      seeds: [0, 1, 2],
    });
    await expect.poll(() => rows().count(), wait).toBe(3);
    for (const [index, name] of ['alpha', 'beta', 'gamma'].entries()) {
      await askHost(page, 'runs.edit', { runIds: [runs[index]!.runId], name });
    }
    await expect.poll(async () => (await names()).sort(), wait).toEqual(['alpha', 'beta', 'gamma']);
    await expect.poll(() => rows().getByText('Finished').count(), { timeout: END_OF_RUNS_MS, interval: 200 }).toBe(3);
    // Loss, best score and the line of the loss are there without a reload.
    await expect.poll(() => page.getByRole('img', { name: /^Loss from \d/ }).count(), wait).toBe(3);
    expect(await rows().first().innerText()).toMatch(/Finished\s\w+\smlm\s100/);
    await page.getByText('3 runs', { exact: true }).waitFor();
  }, 150_000);

  it('is readable for everybody, in light and dark, and never wider than its window', async () => {
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    const columns = await page.getByRole('columnheader').count();
    await page.setViewportSize({ width: 900, height: 700 });
    await expect.poll(() => page.getByRole('columnheader').count(), wait).toBeLessThan(columns);
    const overflow = await page.evaluate(() =>
      [document.documentElement, document.querySelector('main'), document.querySelector('[role=grid]')].map((one) =>
        one ? one.scrollWidth - one.clientWidth : -1,
      ),
    );
    expect(overflow).toEqual([0, 0, 0]);
    await button(/^Columns, \d without room$/).waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('sorts by a column, searches and filters; the address holds it and a reload keeps it', async () => {
    await header('Name').getByRole('button').click();
    await expect.poll(() => header('Name').getAttribute('aria-sort'), wait).toBe('ascending');
    const rising = await names();
    await header('Name').getByRole('button').click();
    await expect.poll(names, wait).toEqual([...rising].reverse());
    expect(await header('Name').getAttribute('aria-sort')).toBe('descending');

    const [first = ''] = rising;
    await page.getByRole('searchbox', { name: 'Search runs' }).fill(first);
    await expect.poll(names, wait).toEqual([first]);
    await page.reload();
    await expect.poll(names, wait).toEqual([first]);
    await page.getByRole('searchbox', { name: 'Search runs' }).fill('');
    await expect.poll(() => rows().count(), wait).toBe(3);

    await button('Filter').click();
    await page.getByLabel('Field').selectOption('seed');
    await page.getByLabel('Compare', { exact: true }).selectOption('atLeast');
    await page.getByLabel('Value').fill('1');
    await button('Add filter').click();
    await expect.poll(() => rows().count(), wait).toBe(2);
    await button('Take away the filter Seed ≥ 1').click();
    await expect.poll(() => rows().count(), wait).toBe(3);
    expect(page.url()).toContain('sort=-name');
  });

  it('shows further columns: a setting, with the values of the runs', async () => {
    await button(/^Columns/).click();
    await page.getByRole('searchbox', { name: 'Find a column' }).fill('Seed');
    await page.getByRole('checkbox', { name: 'Seed', exact: true }).check();
    await page.keyboard.press('Escape');
    await header('Seed').getByRole('button').click();
    const seeds = () => rows().locator('[role=gridcell]:last-child').allInnerTexts();
    await expect.poll(seeds, wait).toEqual(['0', '1', '2']);
    await button('Reset').click();
    await expect.poll(() => header('Seed').count(), wait).toBe(0);
  });

  it('is worked by keys alone: move, choose a range, copy, compare, and back', async () => {
    await grid().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 chosen').waitFor();
    expect(await grid().locator('[aria-selected=true]').count()).toBe(2);
    await page.keyboard.press('Control+c');
    await message(/2 rows copied/).waitFor();
    const copied = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
    expect(copied).toHaveLength(3);
    expect(copied[0]?.split('\t').slice(0, 2)).toEqual(['Status', 'Name']);
    const wanted = (await names()).slice(0, 2);
    expect(copied.slice(1).map((line) => line.split('\t')[1])).toEqual(wanted);

    await page.keyboard.press('c');
    await page.waitForURL(/#\/compare\?runs=[^,]+(%2C|,)[^,]+$/);
    await page.goBack();
    await page.getByText('2 chosen').waitFor();
    await grid().focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => grid().locator('[aria-selected=true]').count(), wait).toBe(0);
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/runs\/.+/);
    await page.goBack();
    await grid().waitFor();
  });

  it('renames in place, and undoes it', async () => {
    const [before = ''] = await names();
    await grid().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name of the run' }).fill('my best run');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await names())[0], wait).toBe('my best run');
    await button('Undo').click();
    await expect.poll(async () => (await names())[0], wait).toBe(before);
  });

  it('tags and notes', async () => {
    await grid().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('t');
    await page.getByLabel('New tags').fill('keep, paper');
    await page.keyboard.press('Enter');
    await button('Take away paper').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await button('Take away baseline').click();
    await expect.poll(() => button('Take away baseline').count(), wait).toBe(0);
    await button('Done').click();
    await rows().first().getByText('keep').waitFor();
    await grid().focus();
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Note' }).fill('Stable from step 20 on.');
    await button('Save').click();
    await rows().first().getByText('Stable from step 20 on.').waitFor();
    await page.getByRole('searchbox', { name: 'Search runs' }).fill('stable paper');
    await expect.poll(() => rows().count(), wait).toBe(1);
    await page.getByRole('searchbox', { name: 'Search runs' }).fill('');
    await expect.poll(() => rows().count(), wait).toBe(3);
  });

  it('groups runs: mean and standard deviation over the seeds, as the registry has them', async () => {
    await button('Group').click();
    await page.getByRole('checkbox', { name: 'Objective' }).check();
    await page.keyboard.press('Escape');
    const groups = page.getByRole('grid', { name: 'Groups of runs' });
    const group = groups.locator('[aria-rowindex="2"]');
    await expect.poll(() => group.innerText(), wait).toMatch(/mlm[\s\S]*3/);
    const { rows: runs } = await askHost(page, 'runs.query', {
      selection: { scope: 'live', text: '', filters: [] },
      sort: { column: 'name', direction: 'ascending' },
      columns: [],
      offset: 0,
      limit: 10,
    });
    const losses = runs.map(({ summary }) => Number(summary.lastLoss));
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    const std = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (losses.length - 1));
    const cell = group.locator('[role=gridcell]').last();
    const said = /Mean ([\d.]+), standard deviation ([\d.e-]+) of 3/.exec(
      (await cell.locator('[title]').getAttribute('title')) ?? '',
    );
    expect(Number(said?.[1])).toBeCloseTo(mean, 9);
    expect(Number(said?.[2])).toBeCloseTo(std, 9);
    expect(await findAccessibilityProblems(page)).toEqual([]);

    await groups.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => groups.locator('a').count(), wait).toBe(3);
    await button('Reset').click();
    await grid().waitFor();
  });

  it('moves runs to the trash, takes them back, deletes them for good and says what became free', async () => {
    const before = await names();
    await grid().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Delete');
    await message(/1 run moved to the trash/).waitFor();
    await expect.poll(names, wait).toEqual(before.slice(1));
    await button('Undo').click();
    await expect.poll(names, wait).toEqual(before);

    await grid().focus();
    await page.keyboard.press('Delete');
    await expect.poll(() => rows().count(), wait).toBe(2);
    await button('Trash').first().click();
    await expect.poll(names, wait).toEqual(before.slice(0, 1));
    await button('Empty the trash').click();
    await page.getByText(/^\d.*[kM]B on the disk will be free/).waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
    await message(/1 run deleted; .*[kM]B freed/).waitFor();
    // Nothing offers to take back what is gone.
    expect(await button('Undo').count()).toBe(0);
    await page.getByText('The trash is empty').waitFor();
    await button('Runs').click();
    await expect.poll(names, wait).toEqual(before.slice(1));

    // Where all runs are out of sight, that is said instead of a first start.
    await grid().focus();
    await page.keyboard.press('Control+a');
    await page.getByText('2 chosen').waitFor();
    await page.keyboard.press('a');
    await page.getByText(/There are no runs here; 2 in/).waitFor();
    await button('Undo').click();
    await expect.poll(names, wait).toEqual(before.slice(1));
  });

  it('finds places, runs and the theme by name, and tells its keys', async () => {
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Find a place' });
    await field.fill('theme dark');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme']), wait).toBe('dark');
    const [name = ''] = await names();
    await page.keyboard.press('Control+k');
    await field.fill(name);
    await page.getByRole('option', { name: new RegExp(`^${name} Finished`) }).waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.getByRole('option', { name: new RegExp(`^${name} Finished`) }).click();
    await page.waitForURL(/#\/runs\/.+/);
    await page.goBack();
    await grid().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Choose all rows').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.waitForURL(/#\/queue/);
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await grid().waitFor();
  });

  it('broke nothing of its own policy on the way', () => {
    expect(errors).toEqual([]);
  });
});
