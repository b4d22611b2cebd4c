import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askHost } from '../support/ask-host.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

const END_OF_SMOKE_MS = 150_000;
const waitFor = { timeout: 15_000, interval: 100 };

let shell: WebShellProcess;
let browser: Browser;
let page: Page;
let runIds: string[];
let errors: string[] = [];

/** How many colours each map on the screen has, and a sum that tells one picture from another. */
function pictures(): Promise<{ colors: number; sum: number }[]> {
  return page.locator('canvas').evaluateAll((canvases) =>
    (canvases as HTMLCanvasElement[]).map((canvas) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const colors = new Set<string>();
      let sum = 0;
      for (let i = 0; i < data.length; i += 4) {
        colors.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
        sum = (sum * 31 + (data[i] ?? 0)) % 1_000_003;
      }
      return { colors: colors.size, sum };
    }),
  );
}

async function status(runId: string): Promise<string | undefined> {
  return (await askHost(page, 'runs.summaries', { runIds: [runId] }))[0]?.status;
}

const slider = () => page.getByRole('slider', { name: 'Step' });

describe.skipIf(!hasChromium)('Two Moons, in a browser', () => {
  beforeAll(async () => {
    shell = await startWebShell();
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

  it('shows the report\u2019s accuracies before there are any runs, and says what to do', async () => {
    await page.getByRole('link', { name: 'Two Moons' }).click();
    await page.getByRole('link', { name: 'Start a run' }).waitFor();
    const hard = page.getByRole('row', { name: /^hard/ });
    await expect
      .poll(() => hard.getByRole('cell').allInnerTexts(), waitFor)
      .toEqual(['60.6', '62.9', '74.8', '86.0', '90.5'].map((value) => expect.stringContaining(value) as string));
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  it('draws the class maps of two runs side by side, with their points', async () => {
    const started = [0, 1].map((seed) =>
      askHost(page, 'runs.start', { base: { preset: 'two-moons-finetune-smoke', overrides: { seed } } }),
    );
    runIds = (await Promise.all(started)).map(({ runId }) => runId);
    for (const runId of runIds) {
      await expect.poll(() => status(runId), { timeout: END_OF_SMOKE_MS, interval: 500 }).toBe('finished');
    }
    await page.getByRole('button', { name: 'Show the newest 2 fine-tunings' }).click();
    await expect.poll(async () => (await pictures()).length, waitFor).toBe(2);
    await expect
      .poll(async () => Math.min(...(await pictures()).map(({ colors }) => colors)), waitFor)
      .toBeGreaterThan(10);
    const labeled = page.getByRole('img', { name: /64 by 64 grid, with 10 labeled points/ });
    expect(await labeled.count()).toBe(2);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    const withPoints = await pictures();
    await page.getByLabel('Unlabeled points').uncheck();
    await expect.poll(async () => (await pictures())[0]?.sum, waitFor).not.toBe(withPoints[0]?.sum);
    await page.getByLabel('Unlabeled points').check();
  }, 240_000);

  it('goes through the steps, every map at its own', async () => {
    await slider().focus();
    await page.keyboard.press('End');
    const atEnd = await slider().getAttribute('aria-valuetext');
    const last = await pictures();
    await page.keyboard.press('Home');
    await expect.poll(() => slider().getAttribute('aria-valuetext'), waitFor).not.toBe(atEnd);
    await expect.poll(async () => (await pictures())[0]?.sum, waitFor).not.toBe(last[0]?.sum);
    expect(page.url()).toMatch(/step=\d+/);
    await page.getByRole('button', { name: 'Best loss', exact: true }).click();
    await expect.poll(() => slider().count(), waitFor).toBe(0);
    await expect.poll(() => page.getByText(/^test \d+\.\d/).count(), waitFor).toBe(2);
    await page.getByRole('button', { name: 'At the step', exact: true }).click();
  });

  it('reads the probability of one cell in all maps at once, as it is stored', async () => {
    await slider().focus();
    await page.keyboard.press('End');
    const [newest = ''] = [...runIds].reverse();
    const evaluations = await askHost(page, 'evaluations.list', { runId: newest });
    const shown = evaluations.filter(({ weights, hasClassMap }) => weights === 'current' && hasClassMap).at(-1);
    const map = await askHost(page, 'evaluations.classMap', { runId: newest, evaluationId: shown?.evaluationId ?? -1 });
    const first = page.getByRole('img', { name: /64 by 64 grid/ }).first();
    await first.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('x 33, y 32').first().waitFor();
    const readings = page.getByText(/^P\(1\) /);
    await expect.poll(() => readings.count(), waitFor).toBe(2);
    const name = (await first.getAttribute('aria-label')) ?? '';
    const values = (await readings.allInnerTexts()).map((text) => Number(text.replace('P(1)', '').trim()));
    const stored = map?.values[32 * 64 + 33] ?? NaN;
    expect(
      values.some((value) => Math.abs(value - stored) < 0.0006),
      `${name} ${values.join()} ${stored}`,
    ).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => readings.count(), waitFor).toBe(0);
  });

  it('puts the accuracies of runs beside the report\u2019s, other settings apart', async () => {
    await page.getByText('2 runs at other settings are left out.').waitFor();
    await page.getByLabel('Other settings').check();
    const cell = page.getByRole('button', { name: /^Class maps of no pretraining, 10 labels: .*×2/ });
    await cell.waitFor();
    const results = await askHost(page, 'twoMoons.results', { tested: 'best-accuracy' });
    const [own] = results;
    const scores = (await askHost(page, 'runs.summaries', { runIds })).map(({ scores: all }) =>
      Number(all['test.best-accuracy.accuracy']),
    );
    expect(own?.mean).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / 2, 9);
    expect(await cell.innerText()).toContain(own?.mean.toFixed(1));
    await page.getByLabel('Tested checkpoint').selectOption('latest');
    await expect.poll(() => page.url()).toMatch(/tested=latest/);
    await page
      .getByRole('button', { name: /^Take / })
      .first()
      .click();
    await expect.poll(async () => (await pictures()).length, waitFor).toBe(1);
    await cell.click();
    await expect.poll(async () => (await pictures()).length, waitFor).toBe(2);
  });

  it('reads well in the dark, and fits into 900 pixels', async () => {
    const light = await pictures();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(async () => (await pictures())[0]?.sum, waitFor).not.toBe(light[0]?.sum);
    expect(await findAccessibilityProblems(page)).toEqual([]);
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
