import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import config from '../../../../electron-builder.config.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..', '..');
const SHELL = path.join(ROOT, 'src-main', 'shells', 'electron');
const read = (...parts: string[]): string => readFileSync(path.join(...parts), 'utf8');
const table = read(SHELL, 'SECURITY.md')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe("Electron's security checklist", () => {
  it('has its twenty items, each with files that exist', () => {
    expect(table.map(([, number]) => Number(number))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    const files = table.flatMap((cells) =>
      [...cells.join(' ').matchAll(/`([\w./-]+\.(?:ts|mjs|json))`/g)].map(([, file]) => file!),
    );
    expect(files.length).toBeGreaterThan(30);
    const missing = files.filter((file) => !existsSync(path.join(SHELL, file)) && !existsSync(path.join(ROOT, file)));
    expect(missing).toEqual([]);
  });

  it('holds in the options of the window', () => {
    const options = read(SHELL, 'main-window.ts');
    for (const line of [
      'contextIsolation: true',
      'sandbox: true',
      'nodeIntegration: false',
      'nodeIntegrationInWorker: false',
      'nodeIntegrationInSubFrames: false',
      'webSecurity: true',
      'allowRunningInsecureContent: false',
      'experimentalFeatures: false',
      'webviewTag: false',
    ]) {
      expect(options).toContain(line);
    }
    expect(options).not.toMatch(/BlinkFeatures/);
  });

  it('opens nothing outside by what a page says', () => {
    const sources = readdirSync(SHELL)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(SHELL, name));
    expect([...sources, read(ROOT, 'src-main', 'index.ts')].join('\n')).not.toMatch(
      /openExternal|file:\/\/|--no-sandbox/,
    );
  });

  it('has every fuse set that narrows what the packaged program can be made to do', () => {
    expect(config.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(config.asar).toBe(true);
  });

  it('is kept by an exact version of Electron', () => {
    const { devDependencies } = JSON.parse(read(ROOT, 'package.json')) as { devDependencies: Record<string, string> };
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
