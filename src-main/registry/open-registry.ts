import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../src-shared/app-error.ts';
import { ALL_MIGRATIONS } from './migrations/all-migrations.ts';
import type { Migration } from './migrations/migration.ts';
import { addSampleStd } from './sample-std.ts';

export type Registry = Database.Database;

/** "MLMO": marks a SQLite file as ours. */
const APPLICATION_ID = 0x4d_4c_4d_4f;

/** How long a write waits for another process's transaction. */
const BUSY_TIMEOUT_MS = 10_000;

/** Holds the rows of 10 000 runs, so that sorting them reads no file. */
const CACHE_KIB = 64 * 1024;

function pragmaNumber(db: Registry, name: string): number {
  return Number(db.pragma(name, { simple: true }));
}

function assertOurs(db: Registry, path: string): void {
  const tables = db.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").pluck().get();
  if (tables === 0 || pragmaNumber(db, 'application_id') === APPLICATION_ID) return;
  throw new AppError(
    'file/invalid',
    `${path} is a database of another program, not a registry of runs. Name another --home, or move the file away.`,
    { path },
  );
}

function assertNotNewer(db: Registry, path: string, known: number): number {
  const version = pragmaNumber(db, 'user_version');
  if (version <= known) return version;
  throw new AppError(
    'registry/newer',
    `The registry ${path} has version ${version}; this program knows versions up to ${known}. ` +
      'Update the program, or name another --home.',
    { path, version, known },
  );
}

/** Brings the schema up to the last of `migrations`; all or nothing. Safe when two processes open at once. */
export function migrate(db: Registry, path: string, migrations: readonly Migration[] = ALL_MIGRATIONS): void {
  if (assertNotNewer(db, path, migrations.length) === migrations.length) return;
  db.transaction(() => {
    // Another process may have migrated while this one waited for the lock.
    const version = assertNotNewer(db, path, migrations.length);
    for (const migration of migrations.slice(version)) db.exec(migration.sql);
    db.pragma(`user_version = ${migrations.length}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
  }).immediate();
}

/**
 * Opens (and where needed creates and migrates) the registry of runs. Only the main process or the terminal's program
 * opens it; ":memory:" gives one that lives as long as the handle.
 * @throws AppError registry/newer, file/invalid (not a registry), file/io
 */
export function openRegistry(path: string): Registry {
  let db: Registry | undefined;
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    // Counts only for a file that is made now, before anything is written: so that a purge gives space back at once.
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    db.pragma(`cache_size = -${CACHE_KIB}`);
    addSampleStd(db);
    assertOurs(db, path);
    migrate(db, path);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof AppError) throw error;
    const code = codeOf(error);
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw new AppError('file/invalid', `${dirname(path)} is no folder; name another --home.`, { path }, error);
    }
    if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
      throw new AppError(
        'file/invalid',
        `${path} is not a readable registry: ${messageOf(error)}. Restore a copy of it, or name another --home.`,
        { path },
        error,
      );
    }
    throw new AppError(
      'file/io',
      `Cannot open the registry ${path}: ${messageOf(error)}. Check the folder's rights and free space.`,
      { path },
      error,
    );
  }
}

/** SQLite's or the system's. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
