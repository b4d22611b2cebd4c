import type { Migration } from './migration.ts';

/**
 * What an experiment manager needs beyond the runs themselves: trash, queue order, sweeps, settings, disk use.
 * `config_values` is the configuration as JSONB: sorting 10 000 runs by a field of it takes a third of the time that
 * the JSON text takes. `queue_order` rises along the queue and has gaps, so that a run can be put between two others.
 */
export const migration0002: Migration = {
  version: 2,
  name: 'experiments',
  sql: `
CREATE TABLE sweeps (
  sweep_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  axes TEXT NOT NULL,
  seeds TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

ALTER TABLE runs ADD COLUMN config_values BLOB;
ALTER TABLE runs ADD COLUMN data_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN seed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN sweep_id TEXT REFERENCES sweeps (sweep_id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN trashed_at_ms INTEGER;
ALTER TABLE runs ADD COLUMN queue_order REAL;
ALTER TABLE runs ADD COLUMN disk_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN peak_memory_bytes INTEGER;
ALTER TABLE runs ADD COLUMN machine TEXT;
UPDATE runs SET
  config_values = jsonb(config),
  data_kind = coalesce(config ->> '$.data.kind', 'two-moons'),
  seed = coalesce(config ->> '$.seed', 0),
  disk_bytes = coalesce((SELECT sum(bytes) FROM checkpoints WHERE checkpoints.run_id = runs.run_id), 0);
CREATE INDEX runs_in_queue ON runs (queue_order) WHERE queue_order IS NOT NULL;
CREATE INDEX runs_by_sweep ON runs (sweep_id) WHERE sweep_id IS NOT NULL;
CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
`,
};
