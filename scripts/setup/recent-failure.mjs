// @ts-check
/** Remembers, in the cache, what could not be had, so that the next start does not spend its time on it again. */
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheRoot } from './tensorflow-cache.mjs';

const RETRY_AFTER_MS = 3_600_000;

/** @param {string} what a file name */
export function failureFile(what) {
  return path.join(cacheRoot(), `${what}-failed`);
}

/** Whether `what` was tried within the last hour, in vain. @param {string} what */
export function failedRecently(what) {
  const file = failureFile(what);
  return existsSync(file) && Date.now() - statSync(file).mtimeMs < RETRY_AFTER_MS;
}

/** @param {string} what @param {boolean} isDone */
export function remember(what, isDone) {
  const file = failureFile(what);
  if (isDone) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${new Date().toISOString()}\n`);
}
