import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openZip } from '../../src-main/engine/data/zip/read-zip.ts';
import { formatScore } from '../../src-renderer/format/number.ts';
import { askHost } from '../support/ask-host.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

/** Lines of each of the sample's validation and test splits. */
const LINES = 16;
const soon = { timeout: 60_000, interval: 50 };
/** Four small trainings and their predictions, each in a process of its own. */
const LONG_MS = 600_000;
const long = { timeout: LONG_MS, interval: 250 };

let shell: WebShellProcess;
let browser: Browser;
let page: Page;
/** Errors of the page, policy violations included. */
let errors: string[] = [];
let pretrained = '';

const region = (name: string) => page.getByRole('region', { name, exact: true });
const part = (name: string) => page.getByRole('navigation', { name: 'Parts of the pipeline' }).getByText(name);
const query = () => new URLSearchParams(page.url().split('?')[1]);
const pipelineId = () => query().get('pipeline') ?? '';
/** In the head of the pipeline; the grid below has the runs' own. */
const status = (word: string) => page.locator('article .page-head').getByText(word, { exact: true }).last();

async function expectAccessible(): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findAccessibilityProblems(page)).toEqual([]);
  }
}

describe.skipIf(!hasChromium)('SuperGLUE pipelines in a browser', () => {
  beforeAll(async () => {
    shell = await startWebShell();
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    page.setDefaultTimeout(60_000);
    errors = collectErrors(page);
    await page.goto(shell.address);
    await page.getByRole('heading', { level: 1 }).waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('says what to do first, and pretrains something to fine-tune', { timeout: LONG_MS }, async () => {
    await page.goto(`${new URL('/', page.url()).href}#/superglue`);
    await page.getByRole('button', { name: 'Try it on the sample' }).waitFor();
    await page.getByRole('link', { name: 'Import SuperGLUE' }).waitFor();
    const run = await askHost(page, 'runs.start', {
      base: { preset: 'text-mlm-smoke', overrides: { 'training.epochs': 1, 'training.epochSize': 64 } },
      name: 'Pretrained',
    });
    pretrained = run.runId;
    const now = async () => (await askHost(page, 'runs.summaries', { runIds: [pretrained] }))[0]?.status;
    await expect.poll(now, long).toBe('finished');
  });

  it('says at the fields what is wrong, and beforehand how many runs it will be', async () => {
    await page.getByRole('link', { name: 'Start a pipeline' }).click();
    await page.getByText('Choose a run that was trained on text.').waitFor();
    const field = page.getByRole('combobox', { name: /^Add a run/ });
    await field.fill('Pretrained');
    await expect.poll(() => page.getByRole('listbox').getByRole('option').count(), soon).toBe(1);
    await field.press('Enter');
    await field.press('Escape');
    await expect.poll(() => page.getByLabel('SuperGLUE set').inputValue(), soon).toBe('sample');
    for (const task of ['BoolQ', 'CB', 'COPA', 'MultiRC', 'ReCoRD', 'WSC']) {
      await page.getByRole('checkbox', { name: new RegExp(`^${task}`) }).uncheck();
    }
    await page.getByRole('checkbox', { name: 'A few small steps only' }).check();
    await page.getByLabel('Learning rates').fill('0.04, quick');
    await page.getByText('quick: expected', { exact: false }).waitFor();
    await page.getByLabel('Learning rates').fill('0.04, 0.01');
    await page.getByLabel('Epochs').fill('4');
    await page.getByLabel('Name', { exact: true }).fill('Two tasks');
    await page.getByText(/^4 runs, /).waitFor();
    await expectAccessible();
    // What was typed outlives a reload.
    await page.reload();
    await page.getByText(/^4 runs, /).waitFor();
    await expect.poll(() => page.getByLabel('Epochs').inputValue(), soon).toBe('4');
    expect(await page.getByRole('checkbox', { name: /^CB/ }).isChecked()).toBe(false);
  });

  it('shows every run of the grid at work, over a reload', { timeout: LONG_MS }, async () => {
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Two tasks' }).waitFor();
    const grid = region('Runs by task and learning rate');
    await expect.poll(() => grid.getByRole('link').count(), soon).toBe(4);
    await expect.poll(() => grid.innerText(), long).toMatch(/\d\u202f%|\d\d\.\d/);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Two tasks' }).waitFor();
    await expect.poll(() => grid.getByRole('link').count(), soon).toBe(4);
    await expectAccessible();
  });

  it('stops and goes on to the end', { timeout: LONG_MS }, async () => {
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect.poll(() => status('Incomplete').isVisible(), long).toBe(true);
    const { runs } = (await askHost(page, 'superglue.list', {}))[0] ?? {};
    expect(runs?.endedEarly).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => status('Finished').isVisible(), long).toBe(true);
    const links = region('Runs by task and learning rate').getByRole('link');
    const names = (await links.allTextContents()).map((name) => name.replace(/\s+/g, ' ').trim());
    expect(names).toHaveLength(4);
    expect(
      names.every((name) => /^(RTE|WiC), learning rate 0\.0[14]; Finished \d/.test(name)),
      names.join(),
    ).toBe(true);
    expect(names.filter((name) => name.includes('best of its task'))).toHaveLength(2);
    await expect
      .poll(() => region('Predictions').getByRole('row', { name: /^RTE/ }).innerText(), soon)
      .toMatch(/16 lines\s+16 lines/);
  });

  it('fills the table beside the report’s rows with the scores that are stored', async () => {
    await part('Scores').click();
    const table = region('SuperGLUE, validation');
    const { scores } = (await askHost(page, 'superglue.get', { pipelineId: query().get('pipeline') ?? '' })).summary;
    const row = await table.getByRole('row', { name: /^Two tasks/ }).innerText();
    for (const key of ['RTE', 'WiC']) expect(row).toContain(formatScore(Number(scores[key])));
    expect(row).toContain('2 of 8');
    await table.getByRole('row', { name: /^Report: MLM/ }).waitFor();
    await page.getByRole('button', { name: 'Copy or save: SuperGLUE, validation' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /^Save as CSV/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('superglue-validation.csv');
    await region('SuperGLUE by task')
      .getByRole('figure', { name: /^RTE, accuracy: Two tasks/ })
      .waitFor();
    await expectAccessible();
    await page.goBack();
    await region('Predictions').waitFor();
    await page.goForward();
    await table.waitFor();
  });

  it('counts what is taken for what, and goes through the examples by keyboard', async () => {
    await part('Examples').click();
    const confusion = region('Confusion, RTE');
    await expect.poll(() => confusion.getByRole('row').count(), soon).toBe(4);
    const counts = await confusion.getByRole('button', { name: / predicted / }).allInnerTexts();
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(LINES);
    const examples = region('Examples of RTE');
    const list = examples.getByRole('listbox', { name: 'Examples' });
    await expect.poll(() => list.getByRole('option').count(), soon).toBe(LINES);
    await list.focus();
    await list.press('ArrowDown');
    await list.press('ArrowDown');
    expect(await list.getByRole('option').nth(2).getAttribute('aria-selected')).toBe('true');
    await examples.getByRole('table', { name: 'Predictions of example 2' }).waitFor();
    await examples.getByRole('button', { name: 'Wrong' }).click();
    const wrong = counts.reduce((sum, count, at) => (at === 0 || at === 3 ? sum : sum + Number(count)), 0);
    await expect.poll(() => list.getByRole('option').count(), soon).toBe(wrong);
    await examples.getByRole('button', { name: 'All' }).click();
    await expect.poll(() => list.getByRole('option').count(), soon).toBe(LINES);
    await expectAccessible();
    await confusion.getByRole('button', { name: /of entailment predicted entailment$/ }).click();
    await expect.poll(() => query().get('target'), soon).toBe('entailment');
  });

  it('shows marked words, and what is said of the diagnostics', async () => {
    await page.getByRole('navigation', { name: 'Tasks' }).getByText('WiC').click();
    await expect
      .poll(() => region('Examples of WiC').locator('[role=option] mark').count(), soon)
      .toBeGreaterThanOrEqual(LINES);
    await page.getByRole('navigation', { name: 'Tasks' }).getByText('AX-b').click();
    await expect.poll(() => region('Examples of AX-b').getByRole('option').count(), soon).toBe(LINES);
    await page.reload();
    await region('Examples of AX-b').waitFor();
  });

  it('saves the leaderboard’s zip, and says what is missing', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Leaderboard zip' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${pipelineId()}.zip`);
    await region('Leaderboard zip')
      .getByText(/BoolQ\.jsonl/)
      .waitFor();
    const zip = await openZip(await download.path());
    try {
      const names = zip.files.map(({ name }) => name).sort();
      expect(names).toEqual(['AX-b.jsonl', 'AX-g.jsonl', 'RTE.jsonl', 'WiC.jsonl']);
      for (const file of zip.files) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of file.chunks()) chunks.push(chunk);
        const lines = Buffer.concat(chunks).toString('utf8').trim().split('\n');
        const rows = lines.map((line) => JSON.parse(line) as { idx: unknown; label: unknown });
        expect(
          rows.map(({ idx }) => idx),
          file.name,
        ).toEqual(Array.from({ length: LINES }, (_, idx) => idx));
        const label = file.name === 'WiC.jsonl' ? /^(true|false)$/ : /^(not_)?entailment$/;
        expect(
          rows.every((row) => label.test(String(row.label))),
          file.name,
        ).toBe(true);
      }
    } finally {
      await zip.close();
    }
  });

  it('puts another one beside it', { timeout: LONG_MS }, async () => {
    await page.getByRole('link', { name: 'New', exact: true }).click();
    await page.getByRole('button', { name: 'No pretraining' }).click();
    await page.getByRole('checkbox', { name: 'A few small steps only' }).check();
    for (const task of ['BoolQ', 'CB', 'COPA', 'MultiRC', 'ReCoRD', 'RTE', 'WSC']) {
      await page.getByRole('checkbox', { name: new RegExp(`^${task}`) }).uncheck();
    }
    await page.getByLabel('Learning rates').fill('0.01');
    await page.getByLabel('Epochs').fill('1');
    await page.getByText(/^1 run, /).waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect.poll(() => status('Finished').isVisible(), long).toBe(true);
    await page.getByRole('checkbox', { name: 'Show beside Two tasks' }).check();
    await part('Scores').click();
    const table = region('SuperGLUE, validation');
    await expect.poll(() => table.getByRole('row').count(), soon).toBe(5);
    await part('Examples').click();
    await expect
      .poll(
        () =>
          page
            .getByRole('table', { name: /^Predictions of example/ })
            .getByRole('row')
            .count(),
        soon,
      )
      .toBe(3);
    await expectAccessible();
  });

  it('fits into 900 pixels', async () => {
    await page.setViewportSize({ width: 900, height: 700 });
    for (const name of ['Runs', 'Scores', 'Examples']) {
      await part(name).click();
      await page.getByRole('region').first().waitFor();
      const wider = await page.evaluate(() =>
        [document.documentElement, document.querySelector('main')].map((one) =>
          one ? one.scrollWidth - one.clientWidth : -1,
        ),
      );
      expect(wider, name).toEqual([0, 0]);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('is found in the palette, and broke nothing of its own policy on the way', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('new superglue pipeline');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'New pipeline' }).waitFor();
    expect(errors).toEqual([]);
  });
});
