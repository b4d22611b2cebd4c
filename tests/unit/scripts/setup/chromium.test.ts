import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findChromium } from '../../../../scripts/setup/chromium.mjs';

it('finds chromium in the folders of PATH, in order', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'metalmo-path-'));
  try {
    const searchPath = ['/nowhere', folder].join(path.delimiter);
    expect(findChromium(searchPath)).toBeUndefined();
    writeFileSync(path.join(folder, 'chromium-browser'), '');
    expect(findChromium(searchPath)).toBe(path.join(folder, 'chromium-browser'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
