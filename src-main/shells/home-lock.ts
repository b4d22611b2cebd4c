import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { AppError } from '../../src-shared/app-error.ts';

/** Who supervises a home, for the message to whoever comes second. */
const Holder = z.object({
  pid: z.int(),
  shell: z.enum(['window', 'browser']),
  hostName: z.string(),
  sinceMs: z.number(),
  /** Where the pages are served; null for a window. */
  address: z.string().nullable(),
});
type Holder = z.infer<typeof Holder>;

export interface HomeLock {
  /** Notes where the pages are served, for whoever comes second. */
  announce(address: string): void;
  release(): void;
}

/**
 * Takes a home for one shell: two supervisors of one home would both recover, queue and start its runs. The lock is
 * one of the operating system's (an open SQLite transaction), so it ends with its process however that ends: what a
 * killed shell leaves behind is never taken for a shell at work.
 * @throws AppError registry/conflict where another shell has it; file/io
 */
export function lockHome(home: string, shell: Holder['shell']): HomeLock {
  mkdirSync(home, { recursive: true });
  const noteFile = join(home, 'shell.json');
  const lock = openLock(join(home, 'shell.lock'), () => new AppError('registry/conflict', taken(home, noteFile)));
  const holder: Holder = { pid: process.pid, shell, hostName: hostname(), sinceMs: Date.now(), address: null };
  const note = (content: Holder): void => writeFileSync(noteFile, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  note(holder);
  return {
    announce(address) {
      note({ ...holder, address });
    },
    release() {
      rmSync(noteFile, { force: true });
      lock.close();
    },
  };
}

function openLock(file: string, conflict: () => AppError): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 0 });
    // Memory, not a file: a journal left by a killed process would have to be rolled back by the next.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw conflict();
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('file/io', `${file} can't be locked: ${reason}. Name another --home.`, { path: file }, error);
  }
}

function taken(home: string, noteFile: string): string {
  const holder = readHolder(noteFile);
  const remedy = 'Use that one, end it first, or name another --home.';
  if (holder === undefined) return `Another MetaLMO Studio supervises the runs in ${home}. ${remedy}`;
  const { pid, hostName, sinceMs, address } = holder;
  const where =
    holder.shell === 'window' ? 'in a window' : `served to browsers${address === null ? '' : ` at ${address}`}`;
  const since = new Date(sinceMs).toLocaleString();
  return `${home} is open already, ${where} (process ${pid} on ${hostName}, since ${since}). ${remedy}`;
}

function readHolder(noteFile: string): Holder | undefined {
  try {
    return Holder.safeParse(JSON.parse(readFileSync(noteFile, 'utf8'))).data;
  } catch {
    // Gone or half written: the lock itself has said enough.
    return undefined;
  }
}
