import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

/** Every place of the rail, as a first start shows it. */
const PLACES = ['runs', 'new', 'queue', 'compare', 'examples', 'two-moons', 'superglue', 'data', 'settings'];

let shell: WebShellProcess;
let browser: Browser;

describe.skipIf(!hasChromium)('every place, before there is anything to show', () => {
  beforeAll(async () => {
    shell = await startWebShell();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  });

  it('has a heading, is no wider than a small window, and axe finds nothing serious, light and dark', async () => {
    const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
    const errors = collectErrors(page);
    await page.goto(shell.address);
    // The address with the token leads on to one without it: only then may scripts run in the page.
    await page.locator('main h1').first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const place of PLACES) {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, `#/${place}`);
        await page.locator('main h1').first().waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(900);
        expect(await findAccessibilityProblems(page), `${place}, ${colorScheme}`).toEqual([]);
      }
    }
    expect(errors).toEqual([]);
    await page.close();
  });
});
