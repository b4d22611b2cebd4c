import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeZip } from '../../src-main/engine/data/zip/write-zip.ts';
import { hasChromium, launchChromium } from '../support/chromium.ts';
import { collectErrors } from '../support/collect-errors.ts';
import { findAccessibilityProblems } from '../support/find-accessibility-problems.ts';
import { startWebShell, type WebShellProcess } from '../support/web-shell-process.ts';

/** Beside other work, processes take their time. */
const SLOW_MS = 90_000;
const SAMPLE = 'resources/text-sample';
/** Enough text that its import is seen at work, and can be cancelled. */
const LONG_COPIES = 600;

let shell: WebShellProcess;
let browser: Browser;
let page: Page;
let texts: string;
let errors: string[];

describe.skipIf(!hasChromium)('the Data page over the real host and engine', () => {
  beforeAll(async () => {
    texts = mkdtempSync(join(tmpdir(), 'metalmo-data-page-'));
    await writeTexts();
    shell = await startWebShell();
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(SLOW_MS);
    errors = collectErrors(page);
    await page.goto(shell.address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.goto(`${new URL('/', page.url()).href}#/data`);
  });
  afterAll(async () => {
    await browser.close();
    await shell.stop();
    shell.removeHome();
    rmSync(texts, { recursive: true, force: true });
  });

  it('brings the sample with one click, and shows what is in it', async () => {
    await page.getByRole('button', { name: 'Add the sample' }).click();
    await table('Corpora').getByRole('link', { name: 'sample' }).waitFor();
    await table('SuperGLUE sets').getByRole('link', { name: 'sample' }).waitFor();
    await job('Add the sample')
      .getByText(/^done in/)
      .waitFor();
    const articles = page.getByRole('region', { name: 'Articles of sample' });
    await articles.getByText('1–10 of 600').waitFor();
    const [first] = readFileSync(`${SAMPLE}/corpus.jsonl`, 'utf8').split('\n');
    const { text } = JSON.parse(first ?? '') as { text: string };
    await expect
      .poll(async () => (await articles.locator('p.tokens').first().textContent())?.slice(0, 100))
      .toBe(text.slice(0, 100));
    await articles.getByRole('button', { name: 'Held out' }).click();
    await articles.getByText('1–10 of 300').waitFor();
    expect(await articles.getByText('held out', { exact: true }).count()).toBe(10);
    await articles.getByRole('button', { name: 'Next articles' }).click();
    await articles.getByText('11–20 of 300').waitFor();
  }, 300_000);

  it('says at the field what is wrong, and keeps what was typed', async () => {
    await page.getByRole('link', { name: 'Train a tokenizer' }).click();
    const form = page.getByRole('region', { name: 'Train a tokenizer' });
    await form.getByRole('button', { name: 'Train' }).click();
    await form
      .getByRole('alert')
      .getByText(/at least one file or folder/)
      .waitFor();
    await form.getByLabel('Files or folders on the host').fill('/nowhere/at/all.txt');
    expect(await form.getByLabel('Name').inputValue()).toBe('all');
    await form.getByRole('button', { name: 'Train' }).click();
    await form
      .getByRole('alert')
      .getByText(/no file or folder \/nowhere\/at\/all\.txt/)
      .waitFor();
    await form.getByLabel('Files or folders on the host').fill(join(texts, 'short.jsonl'));
    await form.getByLabel('Name').fill('sample');
    await form.getByRole('button', { name: 'Train' }).click();
    await form
      .getByRole('alert')
      .getByText(/the data that the app brings/)
      .waitFor();
    await form.getByLabel('Vocabulary').fill('12');
    await form.getByRole('button', { name: 'Train' }).click();
    await form
      .getByRole('alert')
      .getByText(/289 to/)
      .waitFor();
    expect(await form.getByLabel('Files or folders on the host').inputValue()).toBe(join(texts, 'short.jsonl'));
    expect(await findAccessibilityProblems(page)).toEqual([]);
  }, 200_000);

  it('trains a tokenizer, which a text is tried on', async () => {
    const form = page.getByRole('region', { name: 'Train a tokenizer' });
    await form.getByLabel('Name').fill('mine');
    await form.getByLabel('Vocabulary').fill('600');
    await form.getByRole('button', { name: 'Train' }).click();
    await job('Train a tokenizer: mine').getByRole('link', { name: 'Show' }).click();
    const tryIt = page.getByRole('region', { name: 'Try mine' });
    await tryIt.getByLabel('Text', { exact: true }).fill('the town 😀');
    await tryIt.getByText(/tokens, 10 characters/).waitFor();
    expect(await tryIt.locator('p.tokens').innerText()).toBe('the town 😀');
    const rows = tryIt.getByRole('table', { name: 'Tokens' }).locator('tbody tr');
    expect((await rows.last().locator('td').allInnerTexts()).slice(2)).toEqual(['9', '10']);
    const vocabulary = page.getByRole('region', { name: 'Vocabulary of mine' });
    await vocabulary.getByText('1–50 of 600').waitFor();
    await vocabulary.getByRole('searchbox').fill('[CLS2');
    await vocabulary.getByText('1–11 of 11').waitFor();
  }, 300_000);

  it('cancels an import that is at work, across a reload, and leaves nothing', async () => {
    await page.getByRole('link', { name: 'Import a corpus' }).click();
    const form = page.getByRole('region', { name: 'Import a corpus' });
    await form.getByLabel('File or folder on the host').fill(join(texts, 'long.jsonl'));
    await form.getByLabel('Tokenizer').selectOption('mine');
    await form.getByRole('button', { name: 'Import' }).click();
    const long = job('Import a corpus: long');
    await expect.poll(() => progressOf(long), { timeout: SLOW_MS }).toBeGreaterThan(0);
    await page.reload();
    await expect.poll(() => progressOf(long), { timeout: SLOW_MS }).toBeGreaterThan(0);
    await long.getByRole('button', { name: 'Cancel' }).click();
    await long.getByText('cancelled, nothing was kept').waitFor();
    expect(readdirSync(join(shell.home, 'data/corpora'))).toEqual(['sample']);
    await long.getByRole('button', { name: 'Put away' }).click();
    await long.waitFor({ state: 'detached' });
  }, 300_000);

  it('imports a corpus, chosen among the folders of the host, and deletes it', async () => {
    await page.getByRole('link', { name: 'Import a corpus' }).click();
    const form = page.getByRole('region', { name: 'Import a corpus' });
    await form.getByLabel('File or folder on the host').fill(join(texts, 'long.jsonl'));
    await form.getByRole('button', { name: 'Browse' }).click();
    const folders = page.getByRole('dialog', { name: 'Folders of the host' });
    await expect.poll(() => folders.getByLabel('Folder', { exact: true }).inputValue()).toBe(texts);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await folders.getByLabel('Folder', { exact: true }).press('Enter');
    await folders.getByRole('button', { name: /short\.jsonl/ }).click();
    expect(await form.getByLabel('Name').inputValue()).toBe('short');
    await form.getByRole('button', { name: 'Import' }).click();
    await job('Import a corpus: short').getByRole('link', { name: 'Show' }).click();
    const corpus = page.getByRole('region', { name: 'Corpus short' });
    await corpus.getByText(/mine.*unchanged since/).waitFor();
    await page.getByRole('region', { name: 'Articles of short' }).getByText('1–10 of 600').waitFor();
    await corpus.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete the corpus “short”' });
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText(/Deleted short; .* are free again/).waitFor();
    await table('Corpora').getByRole('link', { name: 'short' }).waitFor({ state: 'detached' });
    expect(existsSync(join(shell.home, 'data/corpora/short'))).toBe(false);
  }, 300_000);

  it('keeps the whole message of a zip that was cut off, and imports one that is whole', async () => {
    await importZip('cut.zip');
    const cut = job('Import SuperGLUE: cut');
    await cut
      .getByRole('alert')
      .getByText(/no readable zip archive .* Download or copy it again\./)
      .waitFor();
    await cut.getByRole('button', { name: 'Copy message' }).waitFor();
    expect(readdirSync(join(shell.home, 'data/superglue'))).toEqual(['sample']);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await importZip('whole.zip');
    await job('Import SuperGLUE: whole').getByRole('link', { name: 'Show' }).click();
    const counts = page.getByRole('table', { name: 'Tasks of whole' });
    await counts.getByRole('row', { name: /CB\s+32\s+of 250\s+16\s+of 56\s+16\s+of 250/ }).waitFor();
    const examples = page.getByRole('region', { name: 'Examples of whole' });
    await examples.getByRole('button', { name: 'test' }).click();
    await examples.getByText('1–16 of 16').waitFor();
    const cells = examples.getByRole('table').locator('tbody tr').first().locator('td');
    const [line] = readFileSync(`${SAMPLE}/superglue/CB/test.jsonl`, 'utf8').split('\n');
    const row = JSON.parse(line ?? '') as { idx: number; premise: string; hypothesis: string };
    expect(await cells.allInnerTexts()).toEqual([String(row.idx), row.hypothesis, row.premise, 'none']);
  }, 300_000);

  it('shows what the cache takes, and clears it from the keyboard', async () => {
    const folder = join(shell.home, 'data/cache');
    const cache = page.getByRole('region', { name: 'Cache' });
    await cache.getByText('empty').waitFor();
    mkdirSync(folder);
    for (const name of ['CB-train-0123456789abcdef.bin', 'notes.txt']) writeFileSync(join(folder, name), '');
    // Nothing is written: a hole takes no room.
    truncateSync(join(folder, 'CB-train-0123456789abcdef.bin'), 5e9);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await cache.getByText('5.00\u202fGB', { exact: true }).waitFor();
    await page.getByText(/^5\.0\d.GB on the disk/).waitFor();
    await cache.getByRole('button', { name: 'Clear the cache' }).press('Enter');
    await page.getByText(/Cleared the cache; 5\.00.GB are free again/).waitFor();
    await cache.getByText('empty').waitFor();
    await page.getByText(/^\d[\d.]*.[kM]B on the disk/).waitFor();
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  }, 200_000);

  it('is named by the address, reads well in the dark and in a small window, and is found in the palette', async () => {
    await page.setViewportSize({ width: 900, height: 700 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const name of ['corpus', 'superglue', 'tokenizer']) {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, `#/data?show=${name}%2Fsample`);
        await page.getByRole('region', { name: new RegExp(`^${name}( set)? sample$`, 'i') }).waitFor();
        await page.locator('main [aria-busy=true]').first().waitFor({ state: 'detached' });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(900);
        expect(await findAccessibilityProblems(page), `${name}, ${colorScheme}`).toEqual([]);
      }
    }
    await page.keyboard.press('Control+k');
    await page.keyboard.type('import superglue');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Import SuperGLUE' }).waitFor();
    await page.goBack();
    await page.getByRole('region', { name: 'Tokenizer sample' }).waitFor();
    expect(errors).toEqual([]);
  }, 200_000);
});

/** A short corpus, a long one, a zip in the official form, and the same cut off. */
async function writeTexts(): Promise<void> {
  const lines = readFileSync(`${SAMPLE}/corpus.jsonl`, 'utf8').trim().split('\n');
  writeFileSync(join(texts, 'short.jsonl'), `${lines.join('\n')}\n`);
  const untitled = lines
    .map((line) => JSON.stringify({ text: (JSON.parse(line) as { text: string }).text }))
    .join('\n');
  for (let i = 0; i < LONG_COPIES; i++) appendFileSync(join(texts, 'long.jsonl'), `${untitled}\n`);
  const entries = ['train', 'val', 'test'].map((split) => ({
    name: `CB/${split}.jsonl`,
    text: readFileSync(`${SAMPLE}/superglue/CB/${split}.jsonl`, 'utf8'),
  }));
  for (const name of ['whole.zip', 'cut.zip']) await writeZip(join(texts, name), entries);
  truncateSync(join(texts, 'cut.zip'), statSync(join(texts, 'cut.zip')).size >> 1);
}

async function importZip(file: string): Promise<void> {
  await page.getByRole('link', { name: 'Import SuperGLUE' }).click();
  const form = page.getByRole('region', { name: 'Import SuperGLUE' });
  await form.getByLabel('File or folder on the host').fill(join(texts, file));
  await form.getByRole('button', { name: 'Import' }).click();
}

function table(name: string): Locator {
  return page.getByRole('table', { name, exact: true });
}

function job(title: string): Locator {
  return page.getByRole('region', { name: 'Jobs' }).getByRole('listitem', { name: title });
}

async function progressOf(item: Locator): Promise<number> {
  const bar = item.getByRole('progressbar');
  return (await bar.count()) === 0 ? -1 : Number(await bar.getAttribute('value'));
}
