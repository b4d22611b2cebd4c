import type { Migration } from './migration.ts';

/**
 * SuperGLUE pipelines. The runs of one are those of the sweep of the same id; everything else about it follows from
 * them and their files. It goes with the last of its runs. `owner_pid`: the process that sees to its predictions; NULL
 * where it was stopped.
 */
export const migration0004: Migration = {
  version: 4,
  name: 'pipelines',
  sql: `
CREATE TABLE pipelines (
  pipeline_id TEXT PRIMARY KEY REFERENCES sweeps (sweep_id),
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  source_run_id TEXT REFERENCES runs (run_id) ON DELETE SET NULL,
  source_name TEXT,
  source_checkpoint TEXT,
  superglue TEXT NOT NULL,
  tasks TEXT NOT NULL,
  learning_rates TEXT NOT NULL,
  seeds TEXT NOT NULL,
  owner_pid INTEGER,
  trashed_at_ms INTEGER
) STRICT;
CREATE INDEX pipelines_by_source ON pipelines (source_run_id) WHERE source_run_id IS NOT NULL;

CREATE TRIGGER pipelines_without_runs AFTER DELETE ON runs
WHEN OLD.sweep_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM runs WHERE sweep_id = OLD.sweep_id)
BEGIN
  DELETE FROM pipelines WHERE pipeline_id = OLD.sweep_id;
END;
`,
};
