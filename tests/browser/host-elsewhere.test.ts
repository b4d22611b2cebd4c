import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

let here: WebShellProcess;
let there: WebShellProcess;
let browser: Browser;
let page: Page;
const errors: string[] = [];

const opener = (name: string) => page.getByRole('banner').getByRole('button', { name, exact: true });

/** The home of whichever studio answers, as Settings shows it. */
async function homeShown(): Promise<string> {
  await page.goto(`${new URL('/', here.address).href}#/settings`);
  await page
    .getByText(/metalmo-browser-/)
    .first()
    .waitFor();
  return page.locator('main').innerText();
}

describe.skipIf(!hasChromium)('a host elsewhere in the window', () => {
  beforeAll(async () => {
    here = await startWebShell();
    there = await startWebShell();
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(here.address);
  });
  afterAll(async () => {
    await browser.close();
    for (const shell of [here, there]) {
      await shell.stop();
      shell.removeHome();
    }
  });

  it('is opened with the address it printed, and shown from then on', async () => {
    await opener('This machine').click();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.getByLabel('Address of the host').fill(there.address);
    await page.getByLabel('Name for it, if you like').fill('gpu-7');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await opener('gpu-7').waitFor();
    expect(await homeShown()).toContain(there.home);
  });

  it('says at the form why it can not be opened', async () => {
    await opener('gpu-7').click();
    const form = page.getByRole('banner').getByRole('form', { name: 'Open a host elsewhere' });
    await form.getByLabel('Address of the host').fill(there.address);
    await form.getByRole('button', { name: 'Open', exact: true }).click();
    await form
      .getByRole('alert')
      .getByText(/each works once/)
      .waitFor();
    await page.keyboard.press('Escape');
  });

  it('that goes away is missed, and found again by itself', async () => {
    const { port } = new URL(there.address);
    const { home } = there;
    await there.stop();
    await page.getByText('Not connected; trying again').waitFor();
    there = await startWebShell(home, Number(port));
    await page.getByText('Not connected; trying again').waitFor({ state: 'hidden', timeout: 15_000 });
    expect(await homeShown()).toContain(home);
  });

  it('is left for this machine, and opened again without a token', async () => {
    await opener('gpu-7').click();
    await page.getByRole('banner').getByRole('button', { name: 'Show this machine' }).click();
    await opener('This machine').waitFor();
    expect(await homeShown()).toContain(here.home);
    await opener('This machine').click();
    await page.getByRole('banner').getByRole('button', { name: 'Open gpu-7' }).click();
    await opener('gpu-7').waitFor();
    expect(await homeShown()).toContain(there.home);
    expect(errors).toEqual([]);
  });
});
