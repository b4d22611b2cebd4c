import type { Migration } from './migration.ts';

/**
 * Everything a run leaves behind. NaN is stored as NULL in `points.value` (SQLite has none), infinities as such.
 * `buckets` holds, for widths of 2^level steps, what charts need of a series without reading its points.
 */
export const migration0001: Migration = {
  version: 1,
  name: 'runs',
  sql: `
CREATE TABLE runs (
  run_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  preset TEXT,
  config TEXT NOT NULL,
  objective TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  finished_at_ms INTEGER,
  heartbeat_at_ms INTEGER,
  owner_pid INTEGER,
  error TEXT,
  parent_run_id TEXT REFERENCES runs (run_id) ON DELETE SET NULL,
  parent_checkpoint TEXT,
  executor TEXT,
  progress TEXT,
  scores TEXT NOT NULL DEFAULT '{}',
  best_scores TEXT NOT NULL DEFAULT '{}',
  last_loss TEXT,
  tags TEXT NOT NULL DEFAULT '[]',
  notes TEXT NOT NULL DEFAULT '',
  archived_at_ms INTEGER
) STRICT;
CREATE INDEX runs_by_creation ON runs (created_at_ms);
CREATE INDEX runs_by_status ON runs (status);

CREATE TABLE events (
  event_id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  message TEXT NOT NULL,
  details TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX events_by_run ON events (run_id, event_id);

CREATE TABLE series (
  series_id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  points INTEGER NOT NULL DEFAULT 0,
  non_finite INTEGER NOT NULL DEFAULT 0,
  last_step INTEGER,
  last_value REAL,
  UNIQUE (run_id, metric)
) STRICT;

CREATE TABLE points (
  series_id INTEGER NOT NULL REFERENCES series (series_id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (series_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE buckets (
  series_id INTEGER NOT NULL REFERENCES series (series_id) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  min REAL,
  max REAL,
  sum REAL NOT NULL,
  finite INTEGER NOT NULL,
  non_finite INTEGER NOT NULL,
  PRIMARY KEY (series_id, level, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
  evaluation_id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  examples_seen INTEGER NOT NULL,
  split TEXT NOT NULL,
  weights TEXT NOT NULL,
  scores TEXT NOT NULL,
  map_side INTEGER,
  map_values BLOB,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX evaluations_by_run ON evaluations (run_id, step);

CREATE TABLE teacher_examples (
  example_id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  examples_seen INTEGER NOT NULL,
  feedback TEXT,
  x_u TEXT NOT NULL,
  x_hat TEXT NOT NULL,
  y_hat TEXT NOT NULL
) STRICT;
CREATE INDEX teacher_examples_by_run ON teacher_examples (run_id, step);

CREATE TABLE checkpoints (
  run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  step INTEGER NOT NULL,
  examples_seen INTEGER NOT NULL,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  scores TEXT NOT NULL,
  saved_at_ms INTEGER NOT NULL,
  PRIMARY KEY (run_id, kind)
) STRICT;
`,
};
