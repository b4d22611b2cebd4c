import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findXvfb } from '../../../../scripts/setup/old-electron.mjs';

it('finds Xvfb in the folders of PATH', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'metalmo-path-'));
  try {
    const searchPath = ['/nowhere', folder].join(path.delimiter);
    expect(findXvfb(searchPath)).toBeUndefined();
    writeFileSync(path.join(folder, 'Xvfb'), '');
    expect(findXvfb(searchPath)).toBe(path.join(folder, 'Xvfb'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
