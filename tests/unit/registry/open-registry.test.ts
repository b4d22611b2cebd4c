import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_MIGRATIONS } from '../../../src-main/registry/migrations/all-migrations.ts';
import { migrate, openRegistry } from '../../../src-main/registry/open-registry.ts';
import { listRuns } from '../../../src-main/registry/runs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metalmo-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('openRegistry', () => {
  it('creates the folder and an empty registry with its settings, and opens it again', () => {
    const path = join(folder, 'deep', 'registry.sqlite');
    const first = openRegistry(path);
    const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'user_version'].map((name) =>
      first.pragma(name, { simple: true }),
    );
    expect(settings).toEqual(['wal', 1, 1, ALL_MIGRATIONS.length]);
    first.close();
    const again = openRegistry(path);
    expect(listRuns(again)).toEqual([]);
    again.close();
  });

  it('refuses a registry of a newer program and leaves it as it is', () => {
    const path = join(folder, 'registry.sqlite');
    openRegistry(path).close();
    const db = new Database(path);
    db.pragma(`user_version = ${ALL_MIGRATIONS.length + 1}`);
    db.close();
    expect(() => openRegistry(path)).toThrow(
      expect.objectContaining({
        code: 'registry/newer',
        message: expect.stringContaining('Update the program') as string,
      }),
    );
    const untouched = new Database(path);
    expect(untouched.pragma('user_version', { simple: true })).toBe(ALL_MIGRATIONS.length + 1);
    untouched.close();
  });

  it('refuses a database of another program, a file that is no database and a path that cannot be', () => {
    const foreign = join(folder, 'foreign.sqlite');
    const db = new Database(foreign);
    db.exec('CREATE TABLE theirs (a)');
    db.close();
    expect(() => openRegistry(foreign)).toThrow(expect.objectContaining({ code: 'file/invalid' }));
    const text = join(folder, 'text.sqlite');
    writeFileSync(text, 'not a database, only some text that is long enough to look like a header '.repeat(20));
    expect(() => openRegistry(text)).toThrow(expect.objectContaining({ code: 'file/invalid' }));
    expect(() => openRegistry(join(text, 'registry.sqlite'))).toThrow(
      expect.objectContaining({ code: 'file/invalid', message: `${text} is no folder; name another --home.` }),
    );
    expect(() => openRegistry(folder)).toThrow(expect.objectContaining({ code: 'file/io' }));
  });

  it('keeps the former schema when a migration fails half way', () => {
    const path = join(folder, 'registry.sqlite');
    const db = openRegistry(path);
    const broken = { version: 2, name: 'broken', sql: 'CREATE TABLE half (a); CREATE TABLE nonsense syntax error' };
    expect(() => {
      migrate(db, path, [...ALL_MIGRATIONS, broken]);
    }).toThrow();
    expect(db.pragma('user_version', { simple: true })).toBe(ALL_MIGRATIONS.length);
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 });
    db.close();
  });

  it('can be opened by several processes at the same moment', { timeout: 30_000 }, async () => {
    const path = join(folder, 'registry.sqlite');
    const program = `import { openRegistry } from ${JSON.stringify(new URL('../../../src-main/registry/open-registry.ts', import.meta.url).href)};
      openRegistry(process.argv[1]).close();`;
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['--input-type=module', '--eval', program, path], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
    const ends = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(ends.map(([code]) => code as unknown)).toEqual([0, 0, 0]);
    expect(existsSync(path)).toBe(true);
  });
});
