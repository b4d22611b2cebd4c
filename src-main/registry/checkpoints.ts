import { z } from 'zod';
import type { CheckpointRecord } from '../../src-shared/run/records.ts';
import { readScores, writeScores } from './json-columns.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

const CheckpointRow = z.object({
  run_id: z.string(),
  kind: z.string(),
  step: z.number(),
  examples_seen: z.number(),
  file: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  scores: z.string(),
  saved_at_ms: z.number(),
});

/** A row of the table. */
export function checkpointOf(raw: unknown): CheckpointRecord {
  const row = CheckpointRow.parse(raw);
  return {
    runId: row.run_id,
    kind: row.kind,
    step: row.step,
    examplesSeen: row.examples_seen,
    file: row.file,
    bytes: row.bytes,
    sha256: row.sha256,
    scores: readScores(row.scores),
    savedAtMs: row.saved_at_ms,
  };
}

/** Notes a checkpoint that lies on disk; the run's former one of the same kind is forgotten. */
export function putCheckpoint(db: Registry, checkpoint: CheckpointRecord): void {
  statement(
    db,
    `INSERT OR REPLACE INTO checkpoints (run_id, kind, step, examples_seen, file, bytes, sha256, scores, saved_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    checkpoint.runId,
    checkpoint.kind,
    checkpoint.step,
    checkpoint.examplesSeen,
    checkpoint.file,
    checkpoint.bytes,
    checkpoint.sha256,
    writeScores(checkpoint.scores),
    checkpoint.savedAtMs,
  );
}

/** By kind. */
export function listCheckpoints(db: Registry, runId: string): CheckpointRecord[] {
  return statement(db, 'SELECT * FROM checkpoints WHERE run_id = ? ORDER BY kind').all(runId).map(checkpointOf);
}

/** Undefined where the run has none of this kind. */
export function getCheckpoint(db: Registry, runId: string, kind: string): CheckpointRecord | undefined {
  const row = statement(db, 'SELECT * FROM checkpoints WHERE run_id = ? AND kind = ?').get(runId, kind);
  return row === undefined ? undefined : checkpointOf(row);
}

export function removeCheckpoint(db: Registry, runId: string, kind: string): void {
  statement(db, 'DELETE FROM checkpoints WHERE run_id = ? AND kind = ?').run(runId, kind);
}

/** Forgets checkpoints after `step`. Their files are the caller's. */
export function truncateCheckpoints(db: Registry, runId: string, step: number): CheckpointRecord[] {
  return statement(db, 'DELETE FROM checkpoints WHERE run_id = ? AND step > ? RETURNING *')
    .all(runId, step)
    .map(checkpointOf);
}
