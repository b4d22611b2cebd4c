import { migration0001 } from './0001-runs.ts';
import type { Migration } from './migration.ts';

/** In order; `ALL_MIGRATIONS.length` is the version this program reads and writes. */
export const ALL_MIGRATIONS: readonly Migration[] = [migration0001];
