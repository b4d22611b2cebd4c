import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Recorded runs of the reference code, which `metalmo parity` reads too, and what only unit tests need. */
const FOLDERS = ['../parity/fixtures', '../unit/fixtures'].map((folder) => join(import.meta.dirname, folder));

function find(path: string): string {
  const file = FOLDERS.map((folder) => join(folder, path)).find((one) => existsSync(one));
  if (file === undefined) throw new Error(`no fixture ${path}`);
  return file;
}

/** Bytes of a fixture. */
export function readFixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(find(path)));
}

/** A fixture in JSON; the caller states its form. */
export function readJsonFixture<T>(path: string): T {
  return JSON.parse(readFileSync(find(path), 'utf8')) as T;
}
