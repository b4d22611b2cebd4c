import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** Only what the build makes is served; anything else in the folder is not found. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

export interface RendererFile {
  readonly file: string;
  readonly contentType: string;
  /** Its name holds a hash of its content, so it may be cached for ever. */
  readonly immutable: boolean;
}

/**
 * The built file that a URL's path names, or undefined. A path can't leave `root`: not by `..`, not by encoded or
 * back-slashed separators, not through a symbolic link.
 * @param urlPath the raw, still percent-encoded path of a URL, e.g. "/assets/index-1a2b.js"
 */
export async function findRendererFile(root: string, urlPath: string): Promise<RendererFile | undefined> {
  const relative = safeRelativePath(urlPath);
  if (relative === undefined) return undefined;
  const contentType = CONTENT_TYPES[path.extname(relative)];
  if (contentType === undefined) return undefined;
  try {
    const realRoot = await realpath(root);
    const file = await realpath(path.join(realRoot, relative));
    if (!file.startsWith(realRoot + path.sep) || !(await stat(file)).isFile()) return undefined;
    return { file, contentType, immutable: relative.startsWith(`assets${path.sep}`) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function safeRelativePath(urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    // Not valid percent-encoding, so no file has this name.
    return undefined;
  }
  if (!decoded.startsWith('/') || /[\0\\]/.test(decoded)) return undefined;
  const segments = (decoded === '/' ? '/index.html' : decoded).slice(1).split('/');
  if (segments.some((segment) => segment === '' || segment.startsWith('.') || segment.includes(':'))) return undefined;
  return path.join(...segments);
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP';
}
