import type { Page } from 'playwright-core';
import type { LargeHome } from './large-home.ts';
import type { Measurement } from './measurements.ts';
import { TABLE_TEXT, timeInPage, timeToDrawn } from './page-probe.ts';

const FIRST_PAINTS = 7;
const ROUNDS = 4;
const QUIET_MS = 300;
/** A table that shows the same rows for this long is not going to change. */
const SAME_ROWS_MS = 3000;

/** Pages over what is stored: Runs, its order and filters, a run, its charts. */
export async function measurePages(page: Page, origin: string, home: LargeHome): Promise<Measurement[]> {
  // The page that came with the token is still asking; what follows is measured on a host at rest.
  await page.locator('[role=grid] [role=row][id]').first().waitFor();
  await settle(page);
  const firstPaint: number[] = [];
  for (let i = 0; i < FIRST_PAINTS; i++) {
    await settle(page);
    await page.goto(`${origin}/?${i}#/runs`);
    await page.waitForFunction(() => window.probe.rowsMs !== undefined, undefined, { timeout: 20_000 });
    firstPaint.push(await page.evaluate(() => window.probe.rowsMs ?? NaN));
  }
  await settle(page);

  const sorted: number[] = [];
  const headers = await page.locator('[role=grid] [role=columnheader] button').allInnerTexts();
  for (let i = 0; i < headers.length; i++) {
    for (let round = 0; round < 2; round++) {
      const click = `document.querySelectorAll('[role=grid] [role=columnheader] button')[${i}].click()`;
      const takenMs = await timeTable(page, click);
      // All runs alike in a column: the same rows again, nothing to see.
      if (takenMs < SAME_ROWS_MS) sorted.push(takenMs);
    }
  }
  const search = page.getByRole('searchbox').first();
  await search.waitFor();
  const filtered: number[] = [];
  for (const text of ['hard', 'hard seed 3', 'no 77', 'nothing has this name', '']) {
    const type = `{
      const box = document.querySelector('input[type=search]');
      box.value = ${JSON.stringify(text)};
      box.dispatchEvent(new Event('input', { bubbles: true }));
    }`;
    filtered.push(await timeTable(page, type));
  }

  const opened: number[] = [];
  const runIds = [home.ordinary, home.manyMetrics, home.longSeries];
  for (let round = 0; round < ROUNDS; round++) {
    for (const runId of runIds) {
      await page.evaluate("location.hash = '#/runs'");
      await page.locator('[role=grid] [role=row][id]').first().waitFor();
      await settle(page);
      // Its name in the heading, its figures, and its first chart drawn.
      const there = `document.querySelector('article h1') !== null && window.probe.drawnMs > startedMs`;
      opened.push(await timeInPage(page, `location.hash = '#/runs/${runId}'`, there));
    }
  }

  await settle(page);
  const redrawn: number[] = [];
  const press = (name: string): string =>
    `[...document.querySelectorAll('article [aria-pressed]')].find((one) => one.textContent.trim() === '${name}').click()`;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ['Log', 'Symlog', 'Linear']) redrawn.push(await timeToDrawn(page, press(name)));
    for (const value of [4, 0]) {
      redrawn.push(
        await timeToDrawn(
          page,
          `{ const range = document.querySelector('article input[type=range]'); range.value = ${value};
             range.dispatchEvent(new Event('input', { bubbles: true })); }`,
        ),
      );
    }
    redrawn.push(await zoom(page));
  }
  return [
    { name: 'first paint of Runs', unit: 'ms', budget: 300, values: firstPaint, how: 'navigation to rows with values' },
    {
      name: 'sort',
      unit: 'ms',
      budget: 100,
      values: sorted,
      how: `every sortable column of ${headers.length}, both ways`,
    },
    { name: 'filter', unit: 'ms', budget: 100, values: filtered, how: 'five texts in the search box' },
    {
      name: 'open a run',
      unit: 'ms',
      budget: 300,
      values: opened,
      how: 'ordinary, 2000 metrics, 1 M points: heading and chart',
    },
    {
      name: 'redraw a chart',
      unit: 'ms',
      budget: 100,
      values: redrawn,
      how: '1 M points: axes, smoothing, zoom with its reading',
    },
  ];
}

/** From an action to another content of the table, all rows read. */
async function timeTable(page: Page, act: string): Promise<number> {
  await settle(page);
  const before = JSON.stringify(await page.evaluate<string>(TABLE_TEXT));
  const changed = `${TABLE_TEXT} !== '' && ${TABLE_TEXT} !== ${before}`;
  const done = `(${changed}) || document.querySelector('.empty') !== null || performance.now() - startedMs > ${SAME_ROWS_MS}`;
  return timeInPage(page, act, done);
}

/** Drags over the middle third of the largest chart, and back to all of it. */
async function zoom(page: Page): Promise<number> {
  const box = await page.locator('article canvas').first().boundingBox();
  if (box === null) throw new Error('The run has no chart.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.4, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
  await page.evaluate(
    "addEventListener('pointerup', () => (window.releasedMs = performance.now()), { capture: true, once: true })",
  );
  await page.mouse.up();
  await settle(page);
  const taken = await page.evaluate<number>('window.probe.drawnMs - window.releasedMs');
  await page.mouse.move(2, 2);
  await page.evaluate(
    "[...document.querySelectorAll('article button')].find((one) => one.textContent.trim() === 'Show all')?.click()",
  );
  await settle(page);
  return taken;
}

/** Waits until nothing is drawn or read any more, and a moment more. */
async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.now() - window.probe.drawnMs > 300, undefined, { polling: 50 });
  await page.waitForFunction(() => document.querySelector('main [aria-busy]') === null, undefined, { polling: 50 });
  await page.waitForTimeout(QUIET_MS);
}
