import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failedRecently, failureFile, remember } from '../../../../scripts/setup/recent-failure.mjs';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'metalmo-cache-'));
  vi.stubEnv('METALMO_CACHE', cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

it('remembers a failure for an hour, or until it works', () => {
  expect(failedRecently('chromium')).toBe(false);
  remember('chromium', false);
  expect(failedRecently('chromium')).toBe(true);
  expect(failedRecently('electron')).toBe(false);
  const twoHoursAgo = new Date(Date.now() - 7_200_000);
  utimesSync(failureFile('chromium'), twoHoursAgo, twoHoursAgo);
  expect(failedRecently('chromium')).toBe(false);
  remember('chromium', false);
  remember('chromium', true);
  expect(failedRecently('chromium')).toBe(false);
});
