import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../scripts/setup/chromium.mjs';

const executable = findChromium();

/** Whether Debian's chromium is here; browser tests are skipped by name where it isn't. */
export const hasChromium = executable !== undefined;

/** Chromium without a screen. Each launch gets a user-data folder of its own, removed when it is closed. */
export function launchChromium(): Promise<Browser> {
  if (executable === undefined) throw new Error('There is no chromium here.');
  return chromium.launch({
    executablePath: executable,
    headless: true,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
