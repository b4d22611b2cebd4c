import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

const FIRST_LOSS_MS = 10_000;
/** Other tests may have the cores. */
const END_OF_SMOKE_MS = 150_000;

let shell: WebShellProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Errors of the page, policy violations included. */
const errors: string[] = [];

async function status(): Promise<string> {
  return (await page.locator('main header [title] >> nth=0').innerText()).trim();
}

/** A figure of the run's page by its label. */
async function figure(label: string): Promise<string> {
  return (await page.locator('dl > div', { hasText: label }).locator('dd').innerText()).trim();
}

async function step(): Promise<number> {
  const [done = ''] = (await figure('Step')).split('/');
  return Number(done.replace(/\D/g, ''));
}

function button(name: string) {
  return page.getByRole('button', { name, exact: true });
}

async function startFromNewRun(name: string): Promise<void> {
  await page.getByRole('link', { name: 'New run' }).click();
  await button(name).click();
  await page.waitForURL(/#\/runs\//);
}

/**
 * Starts a run as the page would, but without XLA: it takes long to compile a meta step, which is none of the page's
 * doing.
 */
async function startUncompiled(preset: string): Promise<void> {
  const runId = await page.evaluate(
    (name) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/socket`);
        const body = { preset: name, overrides: { 'engine.xla': false } };
        socket.onopen = () => socket.send(JSON.stringify({ kind: 'request', id: 1, name: 'runs.start', body }));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data)) as { id?: number; body: { runId: string } };
          if (message.id === 1) resolve(message.body.runId);
        };
      }),
    preset,
  );
  await page.goto(`${new URL('/', page.url()).href}#/runs/${runId}`);
}

const waitFor = { timeout: 30_000, interval: 100 };

describe.skipIf(!hasChromium)('a person with the app in a browser', () => {
  beforeAll(async () => {
    shell = await startWebShell();
    browser = await launchChromium();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('starts a Two Moons run with one click and sees its first loss in under ten seconds', async () => {
    await page.goto(shell.address);
    await page.getByText('Nothing has been trained yet').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    const start = button('Start Masked language modeling');
    await start.waitFor();
    const clickedMs = performance.now();
    await start.click();
    await page.getByRole('progressbar').waitFor();
    await expect.poll(() => figure('Last loss'), { timeout: FIRST_LOSS_MS, interval: 50 }).toMatch(/\d\.\d/);
    expect(performance.now() - clickedMs).toBeLessThan(FIRST_LOSS_MS);
    await expect.poll(status, waitFor).toBe('Running');
    await expect.poll(() => page.getByRole('img', { name: /^Student loss, Student loss \d/ }).count(), waitFor).toBe(1);
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  it('reloads in the middle of a run and sees the same run go on', async () => {
    const [address, before] = [page.url(), await step()];
    await page.reload();
    expect(page.url()).toBe(address);
    await expect.poll(status, waitFor).toBe('Running');
    await expect.poll(step, waitFor).toBeGreaterThan(before);
    expect(await page.title()).toMatch(/^two-moons-mlm/);
  });

  it('reads values under the pointer and with the arrow keys', async () => {
    const chart = page.getByRole('region', { name: 'Student loss' });
    await expect.poll(() => chart.getByText(/^step /).count()).toBe(0);
    await chart.locator('canvas').hover();
    await expect.poll(() => chart.getByText(/^step /).count()).toBe(1);
    await page.mouse.move(2, 2);
    await chart.locator('[tabindex]').press('ArrowLeft');
    await expect.poll(() => chart.getByText(/^step /).count()).toBe(1);
    await chart.locator('[tabindex]').press('Escape');
    await expect.poll(() => chart.getByText(/^step /).count()).toBe(0);
  });

  it('pauses, goes on, stops with everything saved, and resumes from there', async () => {
    await button('Pause').click();
    await expect.poll(status, waitFor).toBe('Paused');
    const paused = await step();
    await button('Resume').click();
    await expect.poll(step, waitFor).toBeGreaterThan(paused);
    await button('Stop and save').click();
    await expect.poll(status, waitFor).toBe('Stopped');
    await page.getByText(/Stopped and saved at step/).waitFor();
    const stopped = await step();
    await button('Resume').click();
    await expect.poll(status, waitFor).toBe('Running');
    await expect.poll(step, waitFor).toBeGreaterThan(stopped);
    await button('Stop and save').click();
    await expect.poll(status, waitFor).toBe('Stopped');
  });

  it('sees what a hard teacher writes, and the feedback h', async () => {
    await startUncompiled('two-moons-hard-smoke');
    const written = page.getByRole('region', { name: 'Teacher examples' });
    await written.getByRole('row').first().waitFor({ timeout: END_OF_SMOKE_MS });
    const [text, xHat, yHat] = await Promise.all(
      [0, 1, 2].map((row) => written.locator('table').first().locator('tr').nth(row).locator('td').count()),
    );
    expect(text).toBeGreaterThan(30);
    expect([xHat, yHat]).toEqual([text, text]);
    await page.getByRole('img', { name: /^Feedback h, Feedback h [−\d]/ }).waitFor();
    await expect.poll(status, { ...waitFor, timeout: END_OF_SMOKE_MS }).toBe('Finished');
    expect(await findAccessibilityProblems(page)).toEqual([]);
  }, 240_000);

  it('fine-tunes from it and sees the class map with its labeled points', async () => {
    await button('Start fine-tuning on 10 labels').click();
    const child = page.getByRole('region', { name: 'Fine-tuning' }).getByRole('link');
    await child.click();
    await expect.poll(status, { ...waitFor, timeout: END_OF_SMOKE_MS }).toBe('Finished');
    const map = page.getByRole('img', {
      name: 'Probability of class 1 over the 64 by 64 grid, with 10 labeled points',
    });
    await map.waitFor();
    await page
      .getByRole('region', { name: 'Class map' })
      .getByText(/^step /)
      .waitFor();
    const colors = await map.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return new Set(Array.from({ length: pixels.length / 4 }, (_, i) => pixels.slice(i * 4, i * 4 + 3).join())).size;
    });
    expect(colors).toBeGreaterThan(20);
    await map.hover();
    await page.getByText(/^x \d+, y \d+: P\(1\) \d/).waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
  }, 240_000);

  it('has light and dark, as the system or as chosen, and remembers', async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(background).not.toBe(light);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.getByLabel('Theme').selectOption('light');
    await expect.poll(background).toBe(light);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await background()).toBe(light);
    await page.getByLabel('Theme').selectOption('system');
  });

  it('fits into 900 pixels', async () => {
    await page.setViewportSize({ width: 900, height: 700 });
    const overflow = await page.evaluate(() =>
      [document.documentElement, document.querySelector('main')].map((one) =>
        one ? one.scrollWidth - one.clientWidth : 0,
      ),
    );
    expect(overflow).toEqual([0, 0]);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('lists the runs, newest first, and opens each again', async () => {
    const runs = page.getByRole('navigation', { name: 'Runs' }).getByRole('listitem');
    expect(await runs.count()).toBe(3);
    await runs.last().getByRole('link').click();
    await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('two-moons-mlm');
    await page.goBack();
    await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toMatch(/fine-tuning, 10 labels$/);
  });

  it('answers an unknown message with a typed error and stays as it is', async () => {
    const answer = await page.evaluate(
      () =>
        new Promise<unknown>((resolve) => {
          const socket = new WebSocket(`ws://${location.host}/socket`);
          socket.onopen = () => socket.send(JSON.stringify({ kind: 'request', id: 1, name: 'runs.explode', body: {} }));
          socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)));
        }),
    );
    expect(answer).toMatchObject({ id: 1, ok: false, error: { code: 'ipc/invalid' } });
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
    await startFromNewRun('Start Masked language modeling');
    await expect.poll(status, waitFor).toBe('Running');
    const address = page.url();
    expect(await shell.stop()).toBe(0);
    await page.getByText('Not connected; trying again').waitFor();
    const home = shell.home;
    shell = await startWebShell(home);
    await page.goto(shell.address);
    await page.getByRole('heading', { name: 'New run' }).waitFor();
    await page.goto(new URL(new URL(address).hash, shell.address).href.replace(/\?.*(?=#)/, ''));
    await expect.poll(status, waitFor).toBe('Stopped');
    await button('Resume').waitFor();
  });
});
