import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installedMatchesLock, lockStamp, packagesAreInstalled } from '../../../../scripts/setup/packages.mjs';

type Packages = Record<string, Record<string, unknown>>;

const lock = (packages: Packages) => JSON.stringify({ packages: { '': { name: 'p' }, ...packages } });
const zod = { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' } };

function matches(wanted: Packages, installed: Packages): boolean {
  return installedMatchesLock(lock(wanted), JSON.stringify({ packages: installed }), 'linux', 'x64');
}

describe('installedMatchesLock', () => {
  it('wants every package in its version with its content', () => {
    expect(matches(zod, zod)).toBe(true);
    expect(matches(zod, {})).toBe(false);
    expect(matches(zod, { 'node_modules/zod': { version: '4.0.1', integrity: 'sha512-a' } })).toBe(false);
    expect(matches(zod, { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-b' } })).toBe(false);
    expect(installedMatchesLock(lock(zod), undefined)).toBe(false);
  });

  it('does not miss what is for another system', () => {
    expect(matches({ 'node_modules/w': { version: '1.0.0', optional: true, os: 'win32', cpu: 'x64' } }, {})).toBe(true);
    expect(matches({ 'node_modules/m': { version: '1.0.0', optional: true, os: ['!linux'] } }, {})).toBe(true);
    expect(matches({ 'node_modules/l': { version: '1.0.0', optional: true, os: ['linux'], libc: ['musl'] } }, {})).toBe(
      true,
    );
  });

  it('misses what is for this system, optional or not', () => {
    expect(matches({ 'node_modules/l': { version: '1.0.0', optional: true, os: 'linux', cpu: ['x64'] } }, {})).toBe(
      false,
    );
    expect(matches({ 'node_modules/l': { version: '1.0.0' } }, {})).toBe(false);
  });
});

describe('packagesAreInstalled', () => {
  let project = '';
  const write = (name: string, text: string) => {
    writeFileSync(path.join(project, name), text);
  };
  beforeEach(() => {
    project = mkdtempSync(path.join(tmpdir(), 'metalmo-packages-'));
    mkdirSync(path.join(project, 'node_modules'));
    write('package-lock.json', lock(zod));
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  it('trusts the stamp of this lock file, and no other', () => {
    expect(packagesAreInstalled(project)).toBe(false);
    write('node_modules/.metalmo-lock-stamp', lockStamp(lock(zod)));
    expect(packagesAreInstalled(project)).toBe(true);
    write('package-lock.json', lock({ ...zod, 'node_modules/ws': { version: '8.0.0' } }));
    expect(packagesAreInstalled(project)).toBe(false);
  });

  it('stamps what somebody installed by hand', () => {
    write('node_modules/.package-lock.json', JSON.stringify({ packages: zod }));
    expect(packagesAreInstalled(project)).toBe(true);
    expect(readdirSync(path.join(project, 'node_modules'))).toContain('.metalmo-lock-stamp');
  });
});
