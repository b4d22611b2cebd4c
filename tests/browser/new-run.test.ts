import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askHost } from '../support/ask-host.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

const FIRST_LIFE_MS = 10_000;
/** Other tests may have the cores. */
const waitFor = { timeout: 30_000, interval: 100 };
const until = <T>(read: () => T) => expect.poll(read, waitFor);

let shell: WebShellProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Errors of the page, policy violations included. */
let errors: string[] = [];

function button(name: string | RegExp) {
  return page.getByRole('button', { name, exact: true });
}

/** Opens a place by its address, without loading the page again. */
async function go(hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

function runIdShown(): string {
  return decodeURIComponent(/#\/runs\/([^?]+)/.exec(page.url())?.[1] ?? '');
}

const queueNames = async () => (await askHost(page, 'queue.get', {})).waiting.map(({ name }) => name);

describe.skipIf(!hasChromium)('starting runs', () => {
  beforeAll(async () => {
    shell = await startWebShell();
    browser = await launchChromium();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    errors = collectErrors(page);
    await page.goto(shell.address);
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('begins a Two Moons run with one click on a first start, alive in under ten seconds', async () => {
    const start = button('Start a Two Moons run');
    await start.waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    const clickedMs = performance.now();
    await start.click();
    await page.waitForURL(/#\/runs\/./);
    const runId = runIdShown();
    await expect
      .poll(async () => (await askHost(page, 'runs.get', { runId })).summary.progress?.step ?? 0, {
        timeout: FIRST_LIFE_MS,
        interval: 50,
      })
      .toBeGreaterThan(0);
    await page.getByRole('img', { name: /loss/i }).first().waitFor({ timeout: FIRST_LIFE_MS });
    expect(performance.now() - clickedMs).toBeLessThan(FIRST_LIFE_MS);
  });

  it('shows what a configuration needs, and a bad value at its field as it is typed', async () => {
    await page.getByRole('link', { name: 'New run' }).first().click();
    await page.getByLabel('What is trained').selectOption('Hard labels');
    await button('Smoke test').click();
    await page.getByText('two-moons-hard-smoke', { exact: true }).waitFor();
    const expected = page.getByRole('region', { name: 'Expected' });
    await expected.getByText('Teacher parameters').waitFor();
    await expected.getByText(/\d\s(MB|GB)/).waitFor();

    const rate = page.getByRole('textbox', { name: 'Learning rate', exact: true });
    await rate.fill('-1');
    await page
      .locator('[id="field-optimizer.learningRate"]')
      .getByRole('alert')
      .getByText(/Expected a number/)
      .waitFor();
    expect(await rate.getAttribute('aria-invalid')).toBe('true');
    expect(await button(/^Start run/).isDisabled()).toBe(true);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Heads' }).fill('3');
    await page.getByText('Expected a divisor of model.modelDim (8), got 3.').waitFor();
    await page.reload();
    await page.getByText('2 things to set right').waitFor();
    // A reload goes by the address that the browser knows, which may be behind the one that the page wrote last.
    await until(() => page.url()).toContain('model.heads=3');
    await page.evaluate(() => {
      history.replaceState(null, '', location.hash.replace(/model\.heads=3&?/, ''));
    });
    await page.reload();
    await page.getByText('2 things to set right').waitFor();
    await page.getByRole('region', { name: 'Start the run' }).getByRole('button', { name: 'Learning rate' }).click();
    await until(() => rate.evaluate((field) => field === document.activeElement)).toBe(true);
    await rate.fill('0.02');
    await button('Revert Heads to 2').click();
    await until(() => page.getByRole('textbox', { name: 'Heads' }).inputValue()).toBe('2');
  });

  it('creates a run with changed fields, by keyboard, and goes to it', async () => {
    await page.getByLabel('Name', { exact: true }).fill('changed');
    await page.getByLabel('Tags', { exact: true }).fill('one, two');
    await page.getByLabel('Find a field').fill('accumulation');
    await until(() => page.getByRole('button', { name: /^Vary/ }).count()).toBe(1);
    await page.getByRole('textbox', { name: 'Accumulation' }).fill('4');
    await page.getByLabel('Find a field').fill('');
    await button(/^Changed 2$/).click();
    await until(() => page.getByRole('button', { name: /^Vary/ }).count()).toBe(2);
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/#\/runs\/./);
    const { summary, config } = await askHost(page, 'runs.get', { runId: runIdShown() });
    expect(summary).toMatchObject({ name: 'changed', tags: ['one', 'two'] });
    expect(config['optimizer']).toMatchObject({ learningRate: 0.02 });
    expect(config['training']).toMatchObject({ accumulation: 4 });
  });

  it('forks a run, what differs marked and revertible, its weights where the model fits', async () => {
    const runId = runIdShown();
    await go(`#/new?from=${encodeURIComponent(runId)}`);
    await page.getByText('As in changed.').waitFor();
    await until(() => page.getByRole('textbox', { name: 'Accumulation' }).inputValue()).toBe('4');
    await page.getByRole('textbox', { name: 'Layers' }).fill('1');
    await page.getByRole('textbox', { name: 'Seed', exact: true }).fill('7');
    const changes = page.getByRole('region', { name: 'Changes' });
    await until(() => changes.getByRole('listitem').allInnerTexts()).toHaveLength(2);
    expect((await changes.getByRole('listitem').last().innerText()).replace(/\s+/g, ' ')).toContain('model.layers 2 1');

    await page.getByLabel('Name', { exact: true }).fill('forked');
    await button('Use its weights too').click();
    await page.getByText('These weights fit another model: layers 2, not 1.').waitFor();
    expect(await button(/^Start run/).isDisabled()).toBe(true);
    await button('Take its model').click();
    await until(() => changes.getByRole('listitem').count()).toBe(1);
    await page
      .getByRole('group', { name: 'Run whose weights it begins with' })
      .getByRole('button', { name: 'Take changed out' })
      .click();
    await until(() => button(/^Start run/).isEnabled()).toBe(true);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await button(/^Start run/).click();
    await page.waitForURL(/#\/runs\/./);
    const { config } = await askHost(page, 'runs.get', { runId: runIdShown() });
    expect(config).toMatchObject({ seed: 7, model: { layers: 2 }, training: { accumulation: 4 } });
  });

  it('counts a sweep beforehand, starts it and shows its groups', async () => {
    await go('#/new?preset=two-moons-mlm-smoke&tags=study');
    await button('Vary Learning rate').click();
    const values = page.getByRole('textbox', { name: 'Values of Learning rate' });
    await values.fill('0.01, -1');
    await page.getByText(/^-1: Expected a number/).waitFor();
    await values.fill('0.01, 0.04');
    await page.getByLabel('Seeds').fill('0-1');
    const sweep = page.getByRole('region', { name: 'Sweep' });
    await until(() => sweep.getByRole('row').count()).toBe(5);
    expect((await sweep.getByRole('row').last().innerText()).split(/\s+/)).toEqual(['4', '0.04', '1']);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await button(/^Start 4 runs/).click();
    await page.waitForURL(/#\/runs\?/);
    const { rows } = await askHost(page, 'runs.query', {
      selection: { scope: 'live', text: 'study', filters: [] },
      sort: { column: 'createdAtMs', direction: 'ascending' },
      columns: [],
      offset: 0,
      limit: 10,
    });
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map(({ summary }) => summary.sweepId)).size).toBe(1);
    await until(() => page.getByText('0.04').count()).toBeGreaterThan(0);
  });

  it('shows what runs and what waits, and lets it be reordered by keys and by dragging', async () => {
    await page.getByRole('link', { name: 'Queue', exact: true }).click();
    const waiting = page.getByRole('region', { name: 'Waiting' });
    await until(() => waiting.getByRole('row').count()).toBeGreaterThan(4);
    await page.getByRole('progressbar', { name: 'Progress of first run' }).waitFor();
    await page
      .getByRole('region', { name: 'At work' })
      .getByText(/\d (s|min|h)/)
      .first()
      .waitFor(waitFor);
    expect(await findAccessibilityProblems(page)).toEqual([]);

    const before = await queueNames();
    const [first = '', second = '', third = ''] = before;
    await page.getByRole('button', { name: `Number 1: move ${first}`, exact: true }).press('ArrowDown');
    await until(queueNames).toEqual([second, first, ...before.slice(2)]);
    const handle = page.getByRole('button', { name: `Number 2: move ${first}`, exact: true });
    await until(() => handle.evaluate((one) => one === document.activeElement)).toBe(true);
    await handle.press('End');
    await until(queueNames).toEqual([second, ...before.slice(2), first]);

    await waiting.getByRole('row', { name: third }).dragTo(waiting.getByRole('row', { name: second }), {
      targetPosition: { x: 300, y: 4 },
    });
    await until(queueNames).toEqual([third, second, ...before.slice(3), first]);
  });

  it('takes runs out of the queue, and puts them back where they were', async () => {
    const before = await queueNames();
    await button(`Cancel ${before[1] ?? ''}`).click();
    await until(queueNames).toEqual(before.filter((_, index) => index !== 1));
    await button('Undo').click();
    await until(queueNames).toEqual(before);
    await button('Cancel all waiting').click();
    await until(queueNames).toEqual([]);
  });

  it('pauses, goes on and stops what runs, and sets how much runs at the same time', async () => {
    await button('Pause first run').click();
    await button('Resume first run').click(waitFor);
    await button('Pause first run').waitFor(waitFor);
    await page.getByLabel('At the same time').fill('2');
    await page.getByLabel('At the same time').press('Tab');
    await until(async () => (await askHost(page, 'queue.get', {})).concurrency).toBe(2);
    await button('Stop and save first run').click();
    await page.getByText('Nothing runs and nothing waits.').waitFor(waitFor);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('fits into 900 pixels', async () => {
    await page.setViewportSize({ width: 900, height: 700 });
    for (const place of ['#/queue', '#/new?preset=two-moons-soft&vary.seed=0-4&vary.model.layers=1..4+x4']) {
      await go(place);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const overflow = await page.evaluate(() =>
        [document.documentElement, document.querySelector('main')].map((one) =>
          one ? one.scrollWidth - one.clientWidth : 0,
        ),
      );
      expect(overflow).toEqual([0, 0]);
    }
  });

  it('broke nothing of its own policy on the way', () => {
    expect(errors).toEqual([]);
  });
});
