import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerAppRequest, isAppUrl } from '../../../src-main/shells/electron/app-protocol.ts';
import { isOwnTopFrame } from '../../../src-main/shells/electron/page-channel.ts';
import { findRendererFile } from '../../../src-main/shells/renderer-file.ts';

let folder: string;
let root: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'metalmo-renderer-'));
  root = join(folder, 'page');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), 'page');
  writeFileSync(join(root, 'assets', 'index-1a2b.js'), 'script');
  writeFileSync(join(root, '.secret.js'), 'secret');
  writeFileSync(join(root, 'notes.txt'), 'notes');
  writeFileSync(join(folder, 'outside.js'), 'outside');
  symlinkSync(join(folder, 'outside.js'), join(root, 'link.js'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const OUTSIDE = [
  '/../outside.js',
  '/..%2foutside.js',
  '/%2e%2e/outside.js',
  '/assets/../../outside.js',
  '/..\\outside.js',
  '/..%5coutside.js',
  '//outside.js',
  '/link.js',
  '/.secret.js',
  '/notes.txt',
  '/assets',
  '/assets/',
  '/missing.js',
  '/index.html%00.js',
  '/%zz.js',
  'index.html',
  '',
  `/${'a'.repeat(5000)}.js`,
];

describe('findRendererFile', () => {
  it('finds the page and its parts', async () => {
    expect(await findRendererFile(root, '/')).toMatchObject({
      contentType: 'text/html; charset=utf-8',
      immutable: false,
    });
    expect(await findRendererFile(root, '/assets/index-1a2b.js')).toMatchObject({ immutable: true });
  });

  it.each(OUTSIDE)('finds nothing at %s', async (path) => {
    expect(await findRendererFile(root, path)).toBeUndefined();
  });
});

describe("Electron's protocol", () => {
  it('serves the page with its policy', async () => {
    const response = await answerAppRequest('app://studio/index.html?x=1#/runs/1', 'GET', root);
    expect(await response.text()).toBe('page');
    expect(response.headers.get('Content-Security-Policy')).not.toMatch(/unsafe/);
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  it.each([
    'app://studio/../outside.js',
    'app://studio/%2e%2e/outside.js',
    'app://other/index.html',
    'app://studio.example/index.html',
    'file:///etc/passwd',
  ])('has nothing at %s', async (url) => {
    expect((await answerAppRequest(url, 'GET', root)).status).toBe(404);
  });

  it('takes only GET', async () => {
    expect((await answerAppRequest('app://studio/index.html', 'POST', root)).status).toBe(404);
  });

  it('listens to its own top frame alone', () => {
    const top = { url: 'app://studio/index.html', parent: null };
    expect(isOwnTopFrame(top)).toBe(true);
    expect(isOwnTopFrame({ ...top, parent: top as never })).toBe(false);
    expect(isOwnTopFrame({ ...top, url: 'https://studio/index.html' })).toBe(false);
    expect(isOwnTopFrame(null)).toBe(false);
    expect(isAppUrl('app://studiox/')).toBe(false);
  });
});
