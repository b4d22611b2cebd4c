// @ts-check
/** Builds below out/, each only when its sources changed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runNode, tool } from '../run-node.mjs';
import { sourceStamp } from './source-stamp.mjs';

const PAGE_SOURCES = ['src-renderer', 'src-shared', 'svelte.config.js', 'package-lock.json'];

/**
 * `page`: what the web shell serves, out/renderer. `electron`: main process, preload script and page for Electron.
 * `engine`: the engine of a packaged app, out/engine.
 * @typedef {{ name: string, sources: readonly string[], command: readonly string[], product: string }} Build
 */
const PAGE = {
  name: 'page',
  sources: [...PAGE_SOURCES, 'vite.config.ts'],
  command: ['vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  product: 'out/renderer/index.html',
};
const ELECTRON = {
  name: 'electron',
  sources: [...PAGE_SOURCES, 'electron.vite.config.ts', 'src-main'],
  command: ['electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'],
  product: 'out/main/index.js',
};
const ENGINE = {
  name: 'engine',
  sources: [
    ...['src-shared', 'src-main/engine', 'src-main/engine-host', 'engine.vite.config.ts', 'package-lock.json'],
    ...['resources/two-moons-tokenizer', 'resources/text-sample'],
  ],
  command: ['vite/bin/vite.js', 'build', '--config', 'engine.vite.config.ts', '--logLevel', 'warn'],
  product: 'out/engine/src-main/engine-host/main.js',
};
/** @type {Readonly<Record<'page' | 'electron' | 'engine', Build>>} */
export const BUILDS = { page: PAGE, electron: ELECTRON, engine: ENGINE };

/**
 * @param {string} projectDir
 * @param {Build} build
 * @param {(line: string) => void} log
 * @returns {Promise<boolean>} whether the product is there and up to date
 */
export async function ensureBuilt(projectDir, build, log) {
  const stampFile = path.join(projectDir, 'out', `.${build.name}-sources`);
  const stamp = sourceStamp(projectDir, build.sources);
  const product = path.join(projectDir, build.product);
  if (existsSync(product) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return true;
  log(`building the ${build.name} ...`);
  const [file = '', ...args] = build.command;
  // Standard output is the app's (its address): the build speaks on standard error.
  const code = await runNode([tool(projectDir, file), ...args], { cwd: projectDir, stdout: 2 });
  if (code !== 0 || !existsSync(product)) return false;
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
  return true;
}
