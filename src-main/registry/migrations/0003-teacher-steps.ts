import type { Migration } from './migration.ts';

/**
 * What teachers write, compactly: the probe texts once for all runs that share them, and per kept step one compressed row
 * with its statistics. Rows of version 1 are taken over uncompressed (`is_deflated` 0), each step with texts of its own.
 * `bytes` is the room on the disk that a row is counted with; the index answers for a run's sum without reading rows.
 */
export const migration0003: Migration = {
  version: 3,
  name: 'teacher-steps',
  sql: `
CREATE TABLE teacher_texts (
  texts_key TEXT PRIMARY KEY,
  texts TEXT NOT NULL
) STRICT;

CREATE TABLE teacher_steps (
  teacher_step_id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  examples_seen INTEGER NOT NULL,
  feedback TEXT,
  texts_key TEXT NOT NULL REFERENCES teacher_texts (texts_key),
  written BLOB NOT NULL,
  is_deflated INTEGER NOT NULL,
  statistics TEXT,
  bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX teacher_steps_by_run ON teacher_steps (run_id, step, bytes);
CREATE INDEX teacher_steps_by_texts ON teacher_steps (texts_key);

INSERT INTO teacher_texts (texts_key, texts)
SELECT run_id || ':' || step, json_group_array(json_object('textIndex', place, 'xU', json(x_u)) ORDER BY place)
FROM (
  SELECT run_id, step, x_u, row_number() OVER (PARTITION BY run_id, step ORDER BY example_id) - 1 AS place
  FROM teacher_examples
)
GROUP BY run_id, step;

INSERT INTO teacher_steps (run_id, step, examples_seen, feedback, texts_key, written, is_deflated, statistics, bytes)
SELECT run_id, step, max(examples_seen), max(feedback), run_id || ':' || step,
  CAST(json_object('xHat', json_group_array(json(x_hat) ORDER BY example_id),
                   'yHat', json_group_array(json(y_hat) ORDER BY example_id)) AS BLOB),
  0, NULL, sum(length(x_u) + length(x_hat) + length(y_hat))
FROM teacher_examples
GROUP BY run_id, step
ORDER BY run_id, step;

DROP TABLE teacher_examples;

CREATE TRIGGER teacher_texts_unused AFTER DELETE ON teacher_steps
WHEN NOT EXISTS (SELECT 1 FROM teacher_steps WHERE texts_key = OLD.texts_key)
BEGIN
  DELETE FROM teacher_texts WHERE texts_key = OLD.texts_key;
END;
`,
};
