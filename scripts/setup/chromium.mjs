// @ts-check
/**
 * Chromium for the tests: it shows the page, and its SwiftShader is the WebGPU device of machines without a GPU.
 * Looked for on the machine, else installed from Debian where apt-get may be run.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { aptInstall, whyNoApt } from './apt.mjs';
import { log, secondsSince } from './project.mjs';
import { failedRecently, failureFile, remember } from './recent-failure.mjs';

/** @returns {string | undefined} the first chromium found in PATH */
export function findChromium(searchPath = process.env.PATH ?? '') {
  return searchPath
    .split(path.delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser'].map((name) => path.join(folder, name)))
    .find((file) => existsSync(file));
}

/** @returns {Promise<{ file: string } | { missing: string }>} */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return { file: found };
  const reason = whyNoApt();
  if (reason !== undefined) return { missing: `no chromium in PATH, and ${reason}` };
  if (failedRecently('chromium')) {
    return {
      missing: `apt-get could not install it within the last hour (remove ${failureFile('chromium')} to retry)`,
    };
  }
  log('installing chromium for the tests (apt-get; a minute or two) ...');
  const startedMs = performance.now();
  const ticker = setInterval(() => log(`  apt-get at work for ${secondsSince(startedMs)}`), 10_000);
  const isDone = await aptInstall(['chromium']);
  clearInterval(ticker);
  const file = findChromium();
  const isThere = isDone && file !== undefined;
  remember('chromium', isThere);
  if (!isThere) return { missing: 'apt-get could not install it' };
  log(`chromium installed in ${secondsSince(startedMs)}`);
  return { file };
}
