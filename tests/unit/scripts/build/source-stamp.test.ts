import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sourceStamp } from '../../../../scripts/build/source-stamp.mjs';

let project = '';
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'metalmo-stamp-'));
  mkdirSync(path.join(project, 'src', 'deep'), { recursive: true });
  writeFileSync(path.join(project, 'src', 'deep', 'a.ts'), 'a');
  writeFileSync(path.join(project, 'lock.json'), '{}');
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

const stamp = () => sourceStamp(project, ['src', 'lock.json', 'not-there']);

it('stays while nothing changes', () => {
  const before = stamp();
  writeFileSync(path.join(project, 'README.md'), 'not a source');
  expect(stamp()).toBe(before);
});

it.each([
  ['a changed file', () => writeFileSync(path.join(project, 'src', 'deep', 'a.ts'), 'b')],
  ['a new file', () => writeFileSync(path.join(project, 'src', 'b.ts'), '')],
  ['a removed file', () => rmSync(path.join(project, 'lock.json'))],
])('changes with %s', (_, change) => {
  const before = stamp();
  change();
  expect(stamp()).not.toBe(before);
});
