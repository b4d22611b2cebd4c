// @ts-check
/** A hash over source files, so that what is built is built again only when a source changed. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {string} projectDir
 * @param {readonly string[]} sources files and folders below it; one that is not there counts as empty
 * @returns {string} hex
 */
export function sourceStamp(projectDir, sources) {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesBelow(path.join(projectDir, source)))) {
    const content = readFileSync(file);
    hash.update(`${path.relative(projectDir, file)}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} place @returns {string[]} in one order on every machine */
function filesBelow(place) {
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(place, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}
