// @ts-check
/**
 * Chromium for the tests: it shows the page, and its SwiftShader is the WebGPU device of machines without a GPU.
 * Looked for on the machine, else installed from Debian where apt-get may be run.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { log, secondsSince } from './project.mjs';
import { failedRecently, failureFile, remember } from './recent-failure.mjs';

const APT_LIMIT_MS = 600_000;

/** @returns {string | undefined} the first chromium found in PATH */
export function findChromium(searchPath = process.env.PATH ?? '') {
  return searchPath
    .split(path.delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser'].map((name) => path.join(folder, name)))
    .find((file) => existsSync(file));
}

/** Debian's package is the browser itself; elsewhere the same name may be a snap that cannot run in a container. */
function isDebian() {
  const file = '/etc/os-release';
  return existsSync(file) && /^ID="?debian"?$/m.test(readFileSync(file, 'utf8'));
}

/** @param {readonly string[]} args @returns {Promise<boolean>} */
function aptGet(args) {
  return new Promise((resolve) => {
    const child = spawn('apt-get', args, {
      stdio: ['ignore', 'ignore', 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    // Not spawn's own `timeout`: its timer outlives a command that could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), APT_LIMIT_MS);
    const end = (/** @type {boolean} */ isDone) => {
      clearTimeout(timer);
      resolve(isDone);
    };
    child.on('error', () => end(false));
    child.on('exit', (code) => end(code === 0));
  });
}

/** @returns {Promise<{ file: string } | { missing: string }>} */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return { file: found };
  if (process.platform !== 'linux' || !isDebian()) {
    return { missing: 'no chromium in PATH, and it is installed for you only on Debian' };
  }
  if (process.getuid?.() !== 0) return { missing: 'no chromium in PATH (as root: apt-get install chromium)' };
  if (failedRecently('chromium')) {
    return {
      missing: `apt-get could not install it within the last hour (remove ${failureFile('chromium')} to retry)`,
    };
  }
  log('installing chromium for the tests (apt-get; a minute or two) ...');
  const startedMs = performance.now();
  const ticker = setInterval(() => log(`  apt-get at work for ${secondsSince(startedMs)}`), 10_000);
  const isDone =
    (await aptGet(['update', '-qq'])) &&
    (await aptGet(['install', '-y', '-qq', '--no-install-recommends', 'chromium']));
  clearInterval(ticker);
  const file = findChromium();
  const isThere = isDone && file !== undefined;
  remember('chromium', isThere);
  if (!isThere) return { missing: 'apt-get could not install it' };
  log(`chromium installed in ${secondsSince(startedMs)}`);
  return { file };
}
