import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PROJECT_DIR } from '../../scripts/setup/project.mjs';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { startWebShell } from '../support/web-shell-process.ts';
import { makeRuns, type ShownRuns } from './make-runs.ts';
import { PageClient } from './page-client.ts';
import { shots, type Shot } from './shots.ts';
import { shrinkPng } from './shrink-png.ts';

/**
 * `npm run screenshots`: real runs (masked language modeling, hard, soft, fine-tunings, a sweep) in a home of their
 * own, then every page in both themes. Pictures go to resources/screenshots, or where `--out DIR` says.
 */
const FOLDER = folderOf('--out', join(PROJECT_DIR, 'resources/screenshots'));
const SIZE = { width: 1280, height: 800 };
/** Pages beside other work take their time. */
const READ_MS = 90_000;
const LARGEST_TOTAL_BYTES = 3_000_000;

process.exitCode = await main();

async function main(): Promise<number> {
  if (!hasChromium) {
    console.error('missing: chromium; no pictures were made');
    return 3;
  }
  const shell = await startWebShell();
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ viewport: SIZE, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(shell.address);
    // The token's page leads on to the app by itself.
    await page.getByRole('heading', { level: 1 }).waitFor();
    const client = await PageClient.connect(page);
    const origin = new URL(shell.address).origin;
    const early = async (shot: Shot): Promise<void> => {
      for (const theme of ['light', 'dark'] as const) await take(page, origin, shot, theme);
    };
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    // The first start has no runs to show, the queue only while some wait.
    await early({ name: 'first-start', address: '#/runs', ready: 'main h1' });
    const runs: ShownRuns = await makeRuns(client, () =>
      early({ name: 'queue', address: '#/queue', ready: 'main table' }),
    );
    for (const shot of shots(runs)) await early(shot);
  } finally {
    await browser.close();
    await shell.stop();
    shell.removeHome();
  }
  const files = readdirSync(FOLDER).map((name) => ({ name, bytes: statSync(join(FOLDER, name)).size }));
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes } of files) console.log(`${name} ${(bytes / 1000).toFixed(0)} kB`);
  console.log(`${files.length} pictures, ${(total / 1e6).toFixed(2)} MB, in ${FOLDER}`);
  return total <= LARGEST_TOTAL_BYTES ? 0 : 1;
}

async function take(page: Page, origin: string, shot: Shot, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  // Another query each time, so that the page is read anew and remembers nothing of the last picture.
  await page.goto(`${origin}/?${shot.name}-${theme}${shot.address}`);
  await page.locator(shot.ready).first().waitFor({ timeout: READ_MS });
  await shot.act?.(page);
  await page.locator('main [aria-busy=true]:visible').first().waitFor({ state: 'hidden', timeout: READ_MS });
  // Charts are drawn at most four times a second.
  await page.waitForTimeout(700);
  await page.mouse.move(0, 0);
  writeFileSync(join(FOLDER, `${shot.name}-${theme}.png`), shrinkPng(await page.screenshot()));
}

function folderOf(option: string, standard: string): string {
  const at = process.argv.indexOf(option);
  return at < 0 ? standard : (process.argv[at + 1] ?? standard);
}
