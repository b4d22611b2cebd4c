import { readFile } from 'node:fs/promises';
import { findRendererFile } from '../renderer-file.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://studio`;

/**
 * Answers a request of the window: files of the built page, under one fixed host, with the page's policy. Plain
 * `Response` objects, so that it is tested without Electron.
 */
export async function answerAppRequest(url: string, method: string, rendererDirectory: string): Promise<Response> {
  const path = pathOf(url);
  const found = path === undefined || method !== 'GET' ? undefined : await findRendererFile(rendererDirectory, path);
  if (found === undefined) return new Response('Not found.\n', { status: 404, headers: SECURITY_HEADERS });
  const content = new Uint8Array(await readFile(found.file));
  return new Response(content, { headers: { ...SECURITY_HEADERS, 'Content-Type': found.contentType } });
}

/** Whether a URL is one of the app's own pages. */
export function isAppUrl(url: string): boolean {
  return pathOf(url) !== undefined;
}

/** The raw path; not that of `URL`, which would resolve `..` before it can be refused. */
function pathOf(url: string): string | undefined {
  if (url !== APP_ORIGIN && !url.startsWith(`${APP_ORIGIN}/`)) return undefined;
  const [path = ''] = url.slice(APP_ORIGIN.length).split(/[?#]/, 1);
  return path === '' ? '/' : path;
}
