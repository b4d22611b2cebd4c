// @ts-check
/** Where this checkout is, and where what its set-up fetches is kept. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT_DIR = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @param {string} line */
export function log(line) {
  // Standard output belongs to the command that follows.
  process.stderr.write(`[set-up] ${line}\n`);
}

/** @param {number} startedMs as performance.now() gave it */
export function secondsSince(startedMs) {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
}
