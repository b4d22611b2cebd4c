import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '../../src-main/registry/open-registry.ts';
import { insertRun, setRunStatus } from '../../src-main/registry/runs.ts';
import { addTeacherExamples, readTeacherStep, teacherExampleSteps } from '../../src-main/registry/teacher-examples.ts';
import { shortToken } from '../../src-renderer/examples/token-rows.ts';
import { preset } from '../../src-shared/config/presets/preset.ts';
import { askHost } from '../support/ask-host.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

const END_OF_SMOKE_MS = 150_000;
const waitFor = { timeout: 15_000, interval: 100 };
const COLLAPSED = 'collapsed';
/** Every text is laid out as the first three are; all of them are 6400 elements. */
const TEXTS_ALIKE = 'article:nth-of-type(n + 4)';

let home: string;
let shell: WebShellProcess;
let browser: Browser;
let page: Page;
let hard: string;
let soft: string;
let errors: string[] = [];

/** A run whose teacher wrote well once and then the same token everywhere, for other texts than those of Two Moons. */
function addCollapsedRun(): void {
  const db = openRegistry(join(home, 'registry.sqlite'));
  insertRun(db, { runId: COLLAPSED, name: COLLAPSED, config: preset('two-moons-hard-smoke'), createdAtMs: 1 });
  const xU = ['[CLS0]', ...'the teacher reads a text and writes what its student learns from'.split(' '), '[SEP]'];
  for (const step of [10, 20, 30, 40]) {
    const xHat = step === 10 ? xU.with(3, '[MASK]') : xU.map(() => 'the');
    addTeacherExamples(db, { runId: COLLAPSED, step, examplesSeen: 16 * step }, [{ textIndex: 1, xU, xHat, yHat: xU }]);
  }
  setRunStatus(db, COLLAPSED, 'starting', { nowMs: 1, ownerPid: 1 });
  setRunStatus(db, COLLAPSED, 'finished', { nowMs: 2 });
  db.close();
}

function stored(runId: string, step: number) {
  const db = openRegistry(join(home, 'registry.sqlite'));
  try {
    return readTeacherStep(db, runId, step);
  } finally {
    db.close();
  }
}

function steps(runId: string): number[] {
  const db = openRegistry(join(home, 'registry.sqlite'));
  try {
    return teacherExampleSteps(db, runId);
  } finally {
    db.close();
  }
}

interface ShownRow {
  readonly name: string;
  readonly tokens: string[];
  readonly areNew: boolean[];
}

/** The rows of the first text as they are on the screen, over all its lines. */
async function firstText(): Promise<ShownRow[]> {
  const lines = await page
    .getByRole('article')
    .first()
    .locator('tr')
    .evaluateAll((rows) =>
      rows.map((row) => ({
        name: row.querySelector('th .visually-hidden')?.textContent ?? '',
        tokens: [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim()),
        areNew: [...row.querySelectorAll('td .token')].map((token) => token.classList.contains('new')),
      })),
    );
  return [...Map.groupBy(lines, ({ name }) => name)].map(([name, parts]) => ({
    name,
    tokens: parts.flatMap(({ tokens }) => tokens),
    areNew: parts.flatMap(({ areNew }) => areNew),
  }));
}

/** x̂ of the hard run. */
async function hardInput(): Promise<ShownRow | undefined> {
  return (await firstText()).find(({ name }) => name === 'two-moons-hard-smoke, input x̂');
}

async function start(name: 'two-moons-hard-smoke' | 'two-moons-soft-smoke'): Promise<string> {
  return (await askHost(page, 'runs.start', { base: { preset: name, overrides: {} } })).runId;
}

async function status(runId: string): Promise<string | undefined> {
  return (await askHost(page, 'runs.summaries', { runIds: [runId] }))[0]?.status;
}

describe.skipIf(!hasChromium)('what teachers wrote, in a browser', () => {
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'metalmo-browser-'));
    addCollapsedRun();
    shell = await startWebShell(home);
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page = await context.newPage();
    errors = collectErrors(page);
    await page.goto(shell.address);
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('says what to do before a run is chosen', async () => {
    await page.getByRole('link', { name: 'Teacher examples' }).click();
    await page.getByRole('button', { name: `Show ${COLLAPSED}` }).waitFor();
    expect(await findAccessibilityProblems(page, TEXTS_ALIKE)).toEqual([]);
  });

  it('lays a hard and a soft run side by side on the same texts, as they are stored', async () => {
    await askHost(page, 'queue.setConcurrency', { concurrency: 2 });
    [hard, soft] = [await start('two-moons-hard-smoke'), await start('two-moons-soft-smoke')];
    for (const runId of [hard, soft]) {
      await expect.poll(() => status(runId), { timeout: END_OF_SMOKE_MS, interval: 500 }).toBe('finished');
    }
    await page.getByRole('button', { name: 'Show the newest hard and soft run' }).click();
    await expect.poll(async () => (await firstText()).length, waitFor).toBe(5);
    const [first] = stored(hard, 40)?.examples ?? [];
    const [other] = stored(soft, 40)?.examples ?? [];
    expect(first?.xU).toEqual(other?.xU);
    expect(first?.xU.length).toBeGreaterThan(30);
    const shown = await firstText();
    const named = Object.fromEntries(shown.map(({ name, tokens }) => [name, tokens]));
    expect(named).toEqual({
      'Unlabeled text': first?.xU.map(shortToken),
      'two-moons-hard-smoke, input x̂': first?.xHat.map(shortToken),
      'two-moons-hard-smoke, target ŷ': first?.yHat.map(shortToken),
      'two-moons-soft-smoke, input x̂': other?.xHat.map(shortToken),
      'two-moons-soft-smoke, target ŷ': other?.yHat.map(shortToken),
    });
    expect(await page.getByRole('article').count()).toBe(16);
    expect(await findAccessibilityProblems(page, TEXTS_ALIKE)).toEqual([]);
  }, 240_000);

  it('scrubs through the steps with the keyboard, and the address keeps the place', async () => {
    const kept = steps(hard);
    expect(kept).toEqual([10, 20, 30, 40]);
    const slider = page.getByRole('slider', { name: 'Step' });
    await slider.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => slider.getAttribute('aria-valuetext'), waitFor).toBe('step 10 of 40');
    const xHat = async () => (await hardInput())?.tokens;
    await expect.poll(xHat, waitFor).toEqual(stored(hard, 10)?.examples[0]?.xHat.map(shortToken));
    await page.keyboard.press('ArrowRight');
    await expect.poll(xHat, waitFor).toEqual(stored(hard, 20)?.examples[0]?.xHat.map(shortToken));
    expect(page.url()).toMatch(/step=20/);
    await page.reload();
    await expect.poll(xHat, waitFor).toEqual(stored(hard, 20)?.examples[0]?.xHat.map(shortToken));
    await page.keyboard.press('.');
    await expect.poll(() => slider.getAttribute('aria-valuetext'), waitFor).toBe('step 30 of 40');
    await page.keyboard.press(',');
    await expect.poll(() => slider.getAttribute('aria-valuetext'), waitFor).toBe('step 20 of 40');
  });

  it('marks what is new since the step before', async () => {
    const [now, before] = [stored(hard, 20)?.examples[0], stored(hard, 10)?.examples[0]];
    const expected = now?.xHat.map((token, position) => token !== before?.xHat[position]);
    expect(expected).toContain(true);
    const marked = async () => (await hardInput())?.areNew ?? [];
    await expect.poll(marked, waitFor).toEqual(expected);
    await page.getByLabel('Mark what is new').uncheck();
    await expect.poll(async () => (await marked()).includes(true), waitFor).toBe(false);
    await page.getByLabel('Mark what is new').check();
  });

  it('plays to the end by itself', async () => {
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const slider = page.getByRole('slider', { name: 'Step' });
    await expect.poll(() => slider.getAttribute('aria-valuetext'), waitFor).toBe('step 40 of 40');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  it('finds a token over all steps and goes from one to the next', async () => {
    const token =
      stored(hard, 10)
        ?.examples[0]?.xHat.find((one) => /^ \d+$/.test(one))
        ?.trim() ?? '';
    const has = (runId: string, step: number): boolean =>
      (stored(runId, step)?.examples ?? []).some(({ xHat, yHat }) =>
        new RegExp(`(?<!\\d)${token}(?!\\d)`).test([...xHat, ' | ', ...yHat].join('')),
      );
    const hits = [10, 20, 30, 40].filter((step) => has(hard, step) || has(soft, step));
    await page.getByLabel('Find in texts').fill(token);
    await page.getByText(`Written at ${hits.length} ${hits.length === 1 ? 'step' : 'steps'}`).waitFor();
    const [first] = hits;
    for (let presses = 0; presses < hits.length; presses += 1)
      await page.getByLabel('Find in texts').press('Shift+Enter');
    const slider = page.getByRole('slider', { name: 'Step' });
    await expect.poll(() => slider.getAttribute('aria-valuetext'), waitFor).toBe(`step ${first} of 40`);
    await expect.poll(() => page.locator('td .token.found').count(), waitFor).toBeGreaterThan(0);
    await page.getByLabel('Find in texts').fill('no such thing');
    await page.getByText('Not found').waitFor();
    await page.getByLabel('Find in texts').fill('');
    await expect.poll(() => page.url(), waitFor).not.toMatch(/find=/);
  });

  it('shows statistics at a step and over the steps', async () => {
    const { x } = await askHost(page, 'teacherExamples.steps', { runId: hard });
    const row = page.getByRole('table', { name: /^Statistics/ }).getByRole('row', { name: /two-moons-hard-smoke/ });
    const slider = page.getByRole('slider', { name: 'Step' });
    await slider.focus();
    await page.keyboard.press('End');
    await expect.poll(() => slider.getAttribute('aria-valuetext'), waitFor).toBe('step 40 of 40');
    await expect.poll(() => row.innerText(), waitFor).toContain((100 * (x.replaced[3] ?? NaN)).toFixed(1));
    await page.getByRole('button', { name: 'Over the steps' }).click();
    await expect.poll(() => page.getByRole('img', { name: /two-moons-soft-smoke/ }).count(), waitFor).toBe(7);
    expect(await findAccessibilityProblems(page, TEXTS_ALIKE)).toEqual([]);
    await page.getByRole('button', { name: 'Target ŷ' }).click();
    await expect.poll(() => page.url()).toMatch(/head=y/);
    await page.getByRole('button', { name: 'Texts', exact: true }).click();
  });

  it('warns of a collapsed teacher, and says when runs wrote for different texts', async () => {
    await page.getByRole('combobox', { name: /Runs with a teacher/ }).click();
    await page.getByRole('option', { name: new RegExp(COLLAPSED) }).click();
    await page.keyboard.press('Escape');
    await page.getByText(/since step 20 it writes 'the' at 100 % of the positions of x̂/).waitFor();
    await page.getByText(/wrote for different texts/).waitFor();
    expect(await page.getByRole('article').count()).toBe(17);
    expect(await findAccessibilityProblems(page, TEXTS_ALIKE)).toEqual([]);
  });

  it('reads well in the dark, and fits into 900 pixels', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => page.locator('html').getAttribute('data-theme'), waitFor).toBe('dark');
    expect(await findAccessibilityProblems(page, TEXTS_ALIKE)).toEqual([]);
    await page.setViewportSize({ width: 900, height: 700 });
    const overflow = () =>
      page.evaluate(() =>
        [document.documentElement, document.querySelector('main')].map((one) =>
          one ? one.scrollWidth - one.clientWidth : 0,
        ),
      );
    await expect.poll(overflow, waitFor).toEqual([0, 0]);
  });

  it('broke nothing of its own policy on the way', () => {
    expect(errors).toEqual([]);
  });
});
