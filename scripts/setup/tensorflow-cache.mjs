/**
 * The native cache: a folder outside every checkout, shared by all of them, that only ever holds finished things.
 * Whatever goes in is made under a temporary name and renamed.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** METALMO_CACHE, else ~/.cache/metalmo. */
export function cacheRoot() {
  return path.resolve(process.env.METALMO_CACHE || path.join(homedir(), '.cache', 'metalmo'));
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns {boolean} whether a process of this id runs here */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** True when the lock's owner died without removing it. */
async function isStale(lock) {
  try {
    return !isAlive(Number(await readFile(path.join(lock, 'pid'), 'utf8')));
  } catch {
    // Its owner has not written its id yet, or never came to it.
    const made = await stat(lock).catch(() => undefined);
    return made !== undefined && Date.now() - made.mtimeMs > 30_000;
  }
}

/**
 * Runs `work` while holding `<folder>/<name>.lock`, waiting for another process that holds it.
 * A lock broken by mistake (another host's process id) costs double work, never a broken cache: see `publish`.
 */
export async function withLock(folder, name, log, work) {
  await mkdir(folder, { recursive: true });
  const lock = path.join(folder, `${name}.lock`);
  for (let tries = 0; ; tries++) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (await isStale(lock)) {
        await rm(lock, { recursive: true, force: true });
        continue;
      }
      if (tries % 30 === 0) log(`waiting for another set-up that is filling ${folder}`);
      await pause(1000);
    }
  }
  try {
    await writeFile(path.join(lock, 'pid'), String(process.pid));
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** A fresh folder beside the things it will become a part of, so that a rename can publish it. */
export async function stagingFolder(folder, name) {
  await removeAbandoned(folder);
  const staging = path.join(folder, `.${name}.${process.pid}.${Date.now()}.partial`);
  await mkdir(staging, { recursive: true });
  return staging;
}

/** Removes what an interrupted set-up left behind. */
async function removeAbandoned(folder) {
  for (const entry of await readdir(folder).catch(() => [])) {
    const owner = /^\..+\.(\d+)\.\d+\.partial$/.exec(entry)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) {
      await rm(path.join(folder, entry), { recursive: true, force: true });
    }
  }
}

/** Makes `from` appear as `to` in one step; keeps what another process published first. */
export async function publish(from, to) {
  await mkdir(path.dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
    await rm(from, { recursive: true, force: true });
  }
}

/** Writes JSON under a temporary name and renames it over `file`. */
export async function publishJson(file, value) {
  const temporary = `${file}.${process.pid}.partial`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`);
  await rename(temporary, file);
}

/** @returns the parsed file, or undefined where it is absent or unreadable */
export async function readJson(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
