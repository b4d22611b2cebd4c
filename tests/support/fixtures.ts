import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = join(import.meta.dirname, '../unit/fixtures');

/** Bytes of a file under tests/unit/fixtures. */
export function readFixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FIXTURES, path)));
}

/** A JSON file under tests/unit/fixtures; the caller states its form. */
export function readJsonFixture<T>(path: string): T {
  return JSON.parse(readFileSync(join(FIXTURES, path), 'utf8')) as T;
}
