import { migration0001 } from './0001-runs.ts';
import { migration0002 } from './0002-experiments.ts';
import { migration0003 } from './0003-teacher-steps.ts';
import { migration0004 } from './0004-pipelines.ts';
import type { Migration } from './migration.ts';

/** In order; `ALL_MIGRATIONS.length` is the version this program reads and writes. */
export const ALL_MIGRATIONS: readonly Migration[] = [migration0001, migration0002, migration0003, migration0004];
