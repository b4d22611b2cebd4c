import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** Each file breaks the rule of its name; `legal` ones break none. Nothing else imports them. */
const FILES: Readonly<Record<string, string>> = {
  'src-shared/shared-imports-zod-alone.ts': `import 'node:fs';`,
  'src-shared/legal.ts': `import { z } from 'zod'; export const schema = z;`,
  'src-main/engine/legal.ts': `export const engine = 1;`,
  'src-main/engine-host/legal.ts': `import '../engine/legal.ts';`,
  'src-main/registry/legal.ts': `import 'better-sqlite3';`,
  'src-main/engine/engine-stands-alone.ts': `import 'better-sqlite3';`,
  'src-main/engine/electron-in-its-shell-2.ts': `import type { app } from 'electron'; export type App = typeof app;`,
  'src-main/engine/engine-stands-alone-2.ts': `import '../cli.ts';`,
  'src-main/engine-host/engine-host-has-no-sql.ts': `import '../registry/legal.ts';`,
  'src-main/runs/runs-meet-engine-through-the-protocol.ts': `import '../engine/legal.ts';`,
  'src-main/cli.ts': `import './engine/legal.ts'; import './registry/legal.ts';`,
  'src-main/electron-in-its-shell.ts': `import 'electron';`,
  'src-main/shells/electron/legal.ts': `import 'electron';`,
  'src-renderer/renderer-sees-only-shared.ts': `import '../src-main/cli.ts';`,
  'src-renderer/renderer-has-no-node.ts': `import 'node:fs';`,
  'src-renderer/legal.ts': `import '../src-shared/legal.ts';`,
  'src-main/nothing-imports-tests.ts': `import '../tests/legal.ts';`,
  'tests/legal.ts': `import '../src-main/cli.ts';`,
  'src-main/no-cycles.ts': `import './no-cycles-2.ts';`,
  'src-main/no-cycles-2.ts': `import './no-cycles.ts';`,
  'src-main/engine/loss/index.ts': `export const loss = 1;`,
  'src-main/no-barrels.ts': `import './engine/loss/index.ts';`,
  'src-main/no-unresolved.ts': `import './not-there.ts';`,
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

let project = '';
beforeAll(() => {
  project = mkdtempSync(path.join(tmpdir(), 'metalmo-layers-'));
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), text);
  };
  for (const [name, text] of Object.entries(FILES)) write(name, text);
  const packages = ['zod', 'electron', 'better-sqlite3'];
  for (const name of packages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  const dependencies = Object.fromEntries(packages.map((name) => [name, '1.0.0']));
  write('package.json', JSON.stringify({ name: 'layers', type: 'module', dependencies }));
  copyFileSync('.dependency-cruiser.mjs', path.join(project, '.dependency-cruiser.mjs'));
  copyFileSync('tsconfig.json', path.join(project, 'tsconfig.json'));
});
afterAll(() => {
  rmSync(project, { recursive: true });
});

it('finds every breach of the borders, and nothing else', () => {
  const tool = path.resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [
    '--config=.dependency-cruiser.mjs',
    '--output-type=json',
    'src-main',
    'src-shared',
    'src-renderer',
    'tests',
  ];
  const { stdout } = spawnSync(process.execPath, [tool, ...args], { cwd: project, encoding: 'utf8' });
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  const found = summary.violations.map(
    ({ from, rule }) => `${rule.name}: ${path.basename(from, '.ts').replace(/-\d$/, '')}`,
  );
  const expected = Object.keys(FILES)
    .map((name) => path.basename(name, '.ts').replace(/-\d$/, ''))
    .filter((name) => name.includes('-'))
    .map((rule) => `${rule}: ${rule}`);
  // A cycle is one breach, seen from one of its files.
  expect([...new Set(found)].sort()).toEqual([...new Set(expected)].sort());
  for (const twice of ['engine-stands-alone', 'electron-in-its-shell']) {
    expect(found.filter((one) => one === `${twice}: ${twice}`)).toHaveLength(2);
  }
});
