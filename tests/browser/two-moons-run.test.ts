import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

/** Other tests may have the cores. */
const END_OF_SMOKE_MS = 150_000;
const waitFor = { timeout: 30_000, interval: 100 };
const untilEnd = { ...waitFor, timeout: END_OF_SMOKE_MS };

let shell: WebShellProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Errors of the page, policy violations included. */
let errors: string[] = [];

const article = () => page.getByRole('article');
const button = (name: string) => page.getByRole('button', { name, exact: true });

async function status(): Promise<string> {
  return (await article().locator('header .status').first().innerText()).trim();
}

/** What the main process answers to a message, whatever it is. */
function send(message: object): Promise<{ ok: boolean; body: { runId: string }; error?: { code: string } }> {
  return page.evaluate(
    (request) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/socket`);
        socket.onopen = () => socket.send(JSON.stringify({ kind: 'request', id: 1, ...request }));
        socket.onmessage = ({ data }) => {
          const answer = JSON.parse(String(data)) as { id?: number };
          if (answer.id === 1) resolve(answer as never);
        };
      }),
    message,
  );
}

/** Starts a run without XLA, which takes long to compile a meta step: none of the page's doing. */
async function start(preset: string): Promise<void> {
  const base = { preset, overrides: { 'engine.xla': false } };
  const { body } = await send({ name: 'runs.start', body: { base } });
  await page.evaluate((id) => (location.hash = `#/runs/${id}`), body.runId);
}

describe.skipIf(!hasChromium)('Two Moons in a browser', () => {
  beforeAll(async () => {
    shell = await startWebShell();
    browser = await launchChromium();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    errors = collectErrors(page);
    await page.goto(shell.address);
    await page.getByRole('navigation', { name: 'Places' }).waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('sees what a hard teacher writes, and the feedback h', async () => {
    await start('two-moons-hard-smoke');
    await article()
      .getByRole('img', { name: /^Feedback h, Feedback h [−\d]/ })
      .waitFor({ timeout: END_OF_SMOKE_MS });
    await page.getByRole('link', { name: 'Teacher examples' }).last().click();
    const written = page.getByRole('region', { name: 'Teacher examples' });
    await written.getByRole('row').first().waitFor({ timeout: END_OF_SMOKE_MS });
    const [text, xHat, yHat] = await Promise.all(
      [0, 1, 2].map((row) => written.locator('table').first().locator('tr').nth(row).locator('td').count()),
    );
    expect(text).toBeGreaterThan(30);
    expect([xHat, yHat]).toEqual([text, text]);
    await expect.poll(status, untilEnd).toBe('Finished');
    expect(await findAccessibilityProblems(page)).toEqual([]);
  }, 240_000);

  it('fine-tunes from it and sees the class map with its labeled points', async () => {
    await page.getByRole('navigation', { name: 'Sections of the run' }).getByRole('link', { name: 'Charts' }).click();
    await button('Start fine-tuning on 10 labels').click();
    await page.getByRole('region', { name: 'Fine-tuning' }).getByRole('link').click();
    await expect.poll(status, untilEnd).toBe('Finished');
    const map = page.getByRole('img', {
      name: 'Probability of class 1 over the 64 by 64 grid, with 10 labeled points',
    });
    await map.waitFor();
    const colors = await map.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return new Set(Array.from({ length: pixels.length / 4 }, (_, i) => pixels.slice(i * 4, i * 4 + 3).join())).size;
    });
    expect(colors).toBeGreaterThan(20);
    expect(await findAccessibilityProblems(page)).toEqual([]);
  }, 240_000);

  it('lists the runs beside the one that is shown, and goes back', async () => {
    const shown = () => article().getByRole('heading', { level: 1 }).innerText();
    const runs = page.getByRole('complementary', { name: 'Runs' }).getByRole('link');
    expect(await runs.count()).toBe(2);
    await runs.last().click();
    await expect.poll(shown, waitFor).toBe('two-moons-hard-smoke');
    await page.goBack();
    await expect.poll(shown, waitFor).toMatch(/fine-tuning, 10 labels$/);
  });

  it('has light and dark, as the system or as chosen, and remembers', async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(background, waitFor).not.toBe(light);
    await page.getByLabel('Theme').selectOption('light');
    await expect.poll(background, waitFor).toBe(light);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await background()).toBe(light);
    await page.getByLabel('Theme').selectOption('system');
  });

  it('answers an unknown message with a typed error and stays as it is', async () => {
    expect(await send({ name: 'runs.explode', body: {} })).toMatchObject({ ok: false, error: { code: 'ipc/invalid' } });
  });

  it('lets nobody in without the address, nor twice with it', async () => {
    const stranger = await browser.newContext();
    try {
      const visit = await stranger.newPage();
      expect((await visit.goto(new URL('/', shell.address).href))?.status()).toBe(401);
      expect((await visit.goto(shell.address))?.status()).toBe(401);
    } finally {
      await stranger.close();
    }
  });

  it('broke nothing of its own policy on the way', () => {
    expect(errors).toEqual([]);
  });

  it('saves a running run when the program ends, and offers to resume it', async () => {
    await start('two-moons-mlm');
    await expect.poll(status, waitFor).toBe('Running');
    const { hash } = new URL(page.url());
    expect(await shell.stop()).toBe(0);
    const { home } = shell;
    shell = await startWebShell(home);
    await page.goto(shell.address);
    await page.getByRole('navigation', { name: 'Places' }).waitFor();
    await page.evaluate((to) => (location.hash = to), hash);
    await expect.poll(status, waitFor).toBe('Stopped');
    await article()
      .getByRole('button', { name: /^Resume from step/ })
      .waitFor();
  });
});
