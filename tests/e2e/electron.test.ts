import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILDS, ensureBuilt } from '../../scripts/build/builds.mjs';
import { PROJECT_DIR } from '../../scripts/setup/project.mjs';
import { electronBinary, noScreenReason } from '../../scripts/start/electron.mjs';

const binary = electronBinary(PROJECT_DIR);
const isRunnable =
  binary !== undefined && noScreenReason(process.env, process.platform, process.getuid?.()) === undefined;

let app: ElectronApplication;
let page: Page;
let folder: string;

/** The app as `npm start` opens it; where Electron's binary or a screen is not there, it is not run, by name. */
describe.skipIf(!isRunnable)("the window of the project's own Electron", () => {
  beforeAll(async () => {
    expect(await ensureBuilt(PROJECT_DIR, BUILDS.electron, console.log)).toBe(true);
    folder = mkdtempSync(path.join(tmpdir(), 'metalmo-window-'));
    app = await _electron.launch({
      executablePath: binary ?? '',
      args: [`--user-data-dir=${path.join(folder, 'settings')}`, '.', '--home', path.join(folder, 'home')],
      cwd: PROJECT_DIR,
    });
    page = await app.firstWindow();
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the page, sandboxed, with two functions and nothing of Node', async () => {
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    expect(page.url()).toBe('app://studio/index.html');
    const reachable = await page.evaluate(() => [
      Object.keys(Reflect.get(window, 'metalmo') as object).sort(),
      ['require', 'process', 'module'].filter((name) => name in window),
    ]);
    expect(reachable).toEqual([['onEvent', 'request'], []]);
  });

  it('goes by its menu, and opens no second window', async () => {
    await app.evaluate(({ Menu }) => {
      const items = (Menu.getApplicationMenu()?.items ?? []).flatMap(({ submenu }) => submenu?.items ?? []);
      items.find(({ label }) => label === 'New run')?.click();
    });
    await page.getByRole('heading', { level: 1, name: 'New run' }).waitFor();
    await page.evaluate(() => window.open('https://example.com/'));
    expect(app.windows()).toHaveLength(1);
  });

  it('keeps a second program out of the same home', async () => {
    const { lockHome } = await import('../../src-main/shells/home-lock.ts');
    expect(() => lockHome(path.join(folder, 'home'), 'browser')).toThrow(/open already, in a window/);
  });
});
