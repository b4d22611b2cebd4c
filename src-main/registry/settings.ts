import { z } from 'zod';
import { Settings } from '../../src-shared/ipc/contract/system.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

export const DEFAULT_SETTINGS: Settings = {
  concurrency: 1,
  notifications: true,
  teacherExamplesBytes: 200_000_000,
};

/** What is stored over the defaults; a value that this version does not understand is left aside. */
export function readSettings(db: Registry): Settings {
  const rows = z
    .array(z.object({ name: z.string(), value: z.string() }))
    .parse(statement(db, 'SELECT name, value FROM settings').all());
  return rows.reduce<Settings>((settings, { name, value }) => {
    const next = Settings.safeParse({ ...settings, [name]: jsonOrUndefined(value) });
    return next.success ? next.data : settings;
  }, DEFAULT_SETTINGS);
}

export function writeSettings(
  db: Registry,
  changes: { readonly [Name in keyof Settings]?: Settings[Name] | undefined },
): Settings {
  const put = statement(
    db,
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  db.transaction(() => {
    for (const [name, value] of Object.entries(changes)) if (value !== undefined) put.run(name, JSON.stringify(value));
  }).immediate();
  return readSettings(db);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
