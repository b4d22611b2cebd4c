// @ts-check
/** node_modules as package-lock.json says: installed with `npm ci` when it is not. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { log, secondsSince } from './project.mjs';

const PROGRESS_EVERY_MS = 5000;

/**
 * What node_modules must have been made from: the lock file on this platform.
 * @param {string} lockText
 */
export function lockStamp(lockText) {
  return createHash('sha256').update(`${process.platform} ${process.arch}\n${lockText}`).digest('hex');
}

/** @param {string} projectDir */
function stampFile(projectDir) {
  return path.join(projectDir, 'node_modules', '.metalmo-lock-stamp');
}

/** @param {string} file */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * Whether npm's own record of what it installed holds every package that the lock file asks for here.
 * @param {string} lockText package-lock.json
 * @param {string | undefined} installedText node_modules/.package-lock.json
 */
export function installedMatchesLock(lockText, installedText, platform = process.platform, arch = process.arch) {
  if (installedText === undefined) return false;
  const installed = JSON.parse(installedText).packages ?? {};
  return Object.entries(JSON.parse(lockText).packages ?? {}).every(([where, wanted]) => {
    const there = installed[where];
    if (where === '') return true;
    if (there !== undefined) return there.version === wanted.version && there.integrity === wanted.integrity;
    if (!wanted.optional || !allows(wanted.os, platform) || !allows(wanted.cpu, arch)) return Boolean(wanted.optional);
    // Optional and fit for this machine: missing counts, unless it is for another C library or belongs to a package
    // that is itself for elsewhere (then it names no system of its own).
    return wanted.libc !== undefined || wanted.os === undefined;
  });
}

/**
 * npm's `os` and `cpu` fields: names that fit, or names with "!" that do not; one alone may stand without a list.
 * @param {string | string[] | undefined} field
 * @param {string} value
 */
function allows(field, value) {
  const entries = field === undefined ? [] : [field].flat();
  if (entries.includes(`!${value}`)) return false;
  const fitting = entries.filter((entry) => !entry.startsWith('!'));
  return fitting.length === 0 || fitting.includes(value);
}

/**
 * @param {string} projectDir
 * @returns {boolean} whether node_modules is what the lock file says; fast, nothing is started
 */
export function packagesAreInstalled(projectDir) {
  const lockText = readFileSync(path.join(projectDir, 'package-lock.json'), 'utf8');
  const stamp = lockStamp(lockText);
  if (readIfThere(stampFile(projectDir)) === stamp) return true;
  const installedText = readIfThere(path.join(projectDir, 'node_modules', '.package-lock.json'));
  if (!installedMatchesLock(lockText, installedText)) return false;
  writeFileSync(stampFile(projectDir), stamp);
  return true;
}

/** How to start the npm that started us, or any: [command, ...arguments]. */
function npmCommand() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script !== undefined && node !== undefined && /npm-cli\.c?js$/.test(script)) return [node, script];
  return ['npm'];
}

/** Packages unpacked so far, for the progress line. @param {string} projectDir */
function countUnpacked(projectDir) {
  const modules = path.join(projectDir, 'node_modules');
  const folders = existsSync(modules) ? readdirSync(modules) : [];
  const names = folders.flatMap((name) =>
    name.startsWith('@') ? readdirSync(path.join(modules, name)).map((inner) => path.join(name, inner)) : [name],
  );
  return names.filter((name) => existsSync(path.join(modules, name, 'package.json'))).length;
}

/**
 * @param {string} projectDir
 * @returns {Promise<{ installed: boolean } | { failed: string }>} `installed`: whether something had to be done
 */
export async function ensurePackages(projectDir) {
  if (packagesAreInstalled(projectDir)) return { installed: false };
  const lockText = readFileSync(path.join(projectDir, 'package-lock.json'), 'utf8');
  log('installing the packages of package-lock.json (npm ci; some 400 of them, a minute or two) ...');
  const startedMs = performance.now();
  const ticker = setInterval(
    () => log(`  ${countUnpacked(projectDir)} packages unpacked after ${secondsSince(startedMs)}`),
    PROGRESS_EVERY_MS,
  );
  const [command = 'npm', ...leading] = npmCommand();
  const args = [...leading, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // A person's own NODE_ENV=production or `omit` must not take the tools away.
  args.push('--include=dev', '--include=optional');
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: projectDir,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32' && command === 'npm',
    });
    child.on('error', () => resolve(127));
    child.on('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  clearInterval(ticker);
  if (code !== 0) {
    return {
      failed:
        `\`npm ci\` failed with exit code ${code}; its message is above. The packages of package-lock.json are needed ` +
        `for everything else: check the network and npm's registry setting, then run this again.`,
    };
  }
  writeFileSync(stampFile(projectDir), lockStamp(lockText));
  log(`packages installed in ${secondsSince(startedMs)}`);
  return { installed: true };
}
