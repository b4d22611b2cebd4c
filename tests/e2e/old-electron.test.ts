import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../src-main/shells/security-headers.ts';
import { hasOldElectron, startOldElectron, type OldElectron } from '../support/old-electron.ts';

/**
 * What an Electron of 2021 can show of the product: its page and preload script in a sandboxed window, its contract over
 * Electron's IPC, its custom protocol and its policy; the studio runs under the project's own Node.
 */
let folder: string;
let electron: OldElectron;

/** Runs code in the page's own world. */
function evaluate<T>(code: string): Promise<T> {
  return electron.drive('evaluate', code) as Promise<T>;
}

const ask = (name: string, body: unknown, id = 900): Promise<unknown> =>
  evaluate(`metalmo.request(${JSON.stringify({ kind: 'request', id, name, body })})`);

describe.skipIf(!hasOldElectron)('the window of Electron 9.4.1 under Xvfb', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'metalmo-electron-'));
    const { buildForChrome83 } = await import('./old-electron/build-for-chrome-83.ts');
    const { page, preload } = await buildForChrome83(folder);
    electron = await startOldElectron(resolve(import.meta.dirname, 'old-electron', 'main.cjs'), {
      HOST_NODE: process.execPath,
      HOST_SCRIPT: resolve(import.meta.dirname, 'old-electron', 'host.ts'),
      HOST_HOME: join(folder, 'home'),
      HOST_PAGE: page,
      PRELOAD: preload,
      // Electron's own settings and caches.
      XDG_CONFIG_HOME: join(folder, 'config'),
    });
    await electron.drive('open', 'app://studio/index.html');
  }, 120_000);
  afterAll(async () => {
    await electron.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the page, with words from the studio behind it', async () => {
    await expect
      .poll(() => evaluate(`document.querySelector('h1')?.textContent ?? ''`), { timeout: 20_000 })
      .toBe('Runs');
    await expect.poll(() => electron.drive('title')).toMatch(/MetaLMO Studio$/);
    await evaluate(`location.hash = '#/new'`);
    const text = `document.querySelector('main').innerText`;
    await expect.poll(() => evaluate(text), { timeout: 20_000 }).toMatch(/Masked language modeling/i);
    // What was painted, not what is about to be.
    await evaluate('new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))).then(() => 0)');
    const picture = (await electron.drive('picture')) as string;
    const file = process.env['METALMO_KEEP_PICTURE'];
    if (file !== undefined) writeFileSync(file, Buffer.from(picture, 'base64'));
    expect(picture.length).toBeGreaterThan(10_000);
  });

  it('gives the page two functions and nothing of Node or Electron', async () => {
    expect(await evaluate('Object.keys(metalmo).sort()')).toEqual(['onEvent', 'request']);
    const reachable = `['require', 'process', 'module', 'Buffer', 'global', 'electron', '__dirname']
      .filter((name) => name in window)`;
    expect(await evaluate(reachable)).toEqual([]);
  });

  it('speaks the typed contract, and answers nonsense with a typed error that changes nothing', async () => {
    const before = await ask('settings.get', {});
    expect(before).toMatchObject({ kind: 'answer', id: 900, ok: true, body: { notifications: true } });
    const wrong = [
      ask('settings.set', { concurrency: 'all' }),
      ask('settings.set', { home: '/' }),
      ask('no.such', {}),
      evaluate('metalmo.request("nonsense")'),
      evaluate('metalmo.request(null)'),
    ];
    for (const answer of await Promise.all(wrong)) {
      expect(answer).toMatchObject({ kind: 'answer', ok: false, error: { code: 'ipc/invalid' } });
    }
    expect(await ask('settings.get', {})).toEqual(before);
  });

  it('answers nobody but the page of the app', async () => {
    const message = { kind: 'request', id: 1, name: 'settings.get', body: {} };
    expect(await electron.drive('foreign', message)).toMatchObject({ ok: false, error: { code: 'ipc/unauthorized' } });
  });

  it('hears of what changes', async () => {
    await evaluate(`void (window.heard = [], metalmo.onEvent((event) => window.heard.push(event.name)))`);
    await ask('settings.set', { concurrency: 2 });
    await expect.poll(() => evaluate<string[]>('window.heard')).toContain('settings.changed');
  });

  it('serves files of the page alone, with its policy, and none by a way around', async () => {
    const policy = `fetch('app://studio/index.html').then((answer) => answer.headers.get('content-security-policy'))`;
    expect(await evaluate(policy)).toBe(CONTENT_SECURITY_POLICY);
    const paths = ['/../package.json', '/%2e%2e/package.json', '/..%5cpackage.json', '/assets/%2e%2e/%2e%2e/x.js'];
    for (const path of paths) expect(await electron.drive('fetch', `app://studio${path}`)).toBe(404);
    expect(await electron.drive('fetch', 'app://other/index.html')).toBe(404);
    expect(await electron.drive('fetch', 'app://studio/index.html')).toBe(200);
  });

  it('runs no inline script, no eval and no script of elsewhere, and reaches no other address', async () => {
    const broken = await evaluate<string[]>(`new Promise((resolve) => {
      const broken = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
        broken.push(effectiveDirective + ' ' + blockedURI.split(':')[0]);
      });
      const inline = document.createElement('script');
      try { inline.textContent = 'window.ranInline = true'; } catch { broken.push('trusted types'); }
      document.body.append(inline);
      const img = document.createElement('img');
      img.src = 'https://example.com/a.png';
      const link = document.createElement('style');
      link.textContent = 'body { display: none }';
      document.head.append(link);
      void fetch('https://example.com/').catch(() => undefined);
      try { new WebSocket('ws://127.0.0.1:9/'); } catch { broken.push('socket'); }
      try { window.ranEval = eval('true'); } catch { broken.push('eval'); }
      setTimeout(() => resolve(broken), 500);
    })`);
    expect(broken).toEqual(
      expect.arrayContaining([
        'trusted types',
        'img-src https',
        'style-src-elem inline',
        'connect-src https',
        'socket',
        'eval',
      ]),
    );
    expect(await evaluate('[window.ranInline, window.ranEval].includes(true)')).toBe(false);
    expect(await evaluate(`getComputedStyle(document.body).display`)).not.toBe('none');
  });

  it('broke nothing of its policy by itself', async () => {
    const said = (await electron.drive('console')) as string[];
    const own = said.filter(
      (line) => line.startsWith('3') && !/example\.com|127\.0\.0\.1:9|inline|TrustedScript|unsafe-eval/.test(line),
    );
    expect(own).toEqual([]);
  });
});
