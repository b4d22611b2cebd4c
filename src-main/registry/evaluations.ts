import { z } from 'zod';
import type { ClassMap, EvaluationRecord, Scores } from '../../src-shared/run/records.ts';
import { isBetterScore } from '../../src-shared/run/metric-catalogue.ts';
import { readBestScores, readScores, writeScores } from './json-columns.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

export interface NewEvaluation {
  readonly runId: string;
  readonly step: number;
  readonly examplesSeen: number;
  readonly split: string;
  /** "current", or a checkpoint's kind. */
  readonly weights: string;
  readonly scores: Scores;
  readonly classMap?: ClassMap | undefined;
  readonly atMs: number;
}

const COLUMNS =
  'evaluation_id, run_id, step, examples_seen, split, weights, scores, map_side IS NOT NULL AS has_map, at_ms';

const EvaluationRow = z.object({
  evaluation_id: z.number(),
  run_id: z.string(),
  step: z.number(),
  examples_seen: z.number(),
  split: z.string(),
  weights: z.string(),
  scores: z.string(),
  has_map: z.number(),
  at_ms: z.number(),
});

const MapRow = z.object({
  evaluation_id: z.number(),
  step: z.number(),
  map_side: z.number(),
  map_values: z.instanceof(Uint8Array),
});

function recordOf(raw: unknown): EvaluationRecord {
  const row = EvaluationRow.parse(raw);
  return {
    evaluationId: row.evaluation_id,
    runId: row.run_id,
    step: row.step,
    examplesSeen: row.examples_seen,
    split: row.split,
    weights: row.weights,
    scores: readScores(row.scores),
    hasClassMap: row.has_map === 1,
    atMs: row.at_ms,
  };
}

/** The run's best validation scores, from its evaluations in the order of their steps; the earlier of equals stays. */
function refreshBestScores(db: Registry, runId: string): void {
  const best: Record<string, { value: number; step: number }> = {};
  for (const evaluation of listEvaluations(db, runId)) {
    if (evaluation.split === 'validation' && evaluation.weights === 'current') considerScores(best, evaluation);
  }
  statement(db, 'UPDATE runs SET best_scores = ? WHERE run_id = ?').run(JSON.stringify(best), runId);
}

function considerScores(
  best: Record<string, { value: number; step: number }>,
  evaluation: { readonly scores: Scores; readonly step: number },
): void {
  for (const [metric, value] of Object.entries(evaluation.scores)) {
    const previous = best[metric];
    const better = previous === undefined ? Number.isFinite(value) : isBetterScore(metric, value, previous.value);
    if (better) best[metric] = { value, step: evaluation.step };
  }
}

/** Stores an evaluation and, for the validation split, updates the run's best scores, in one transaction. */
export function addEvaluation(db: Registry, evaluation: NewEvaluation): EvaluationRecord {
  return db
    .transaction(() => {
      const map = evaluation.classMap;
      const record = recordOf(
        statement(
          db,
          `INSERT INTO evaluations (run_id, step, examples_seen, split, weights, scores, map_side, map_values, at_ms)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${COLUMNS}`,
        ).get(
          evaluation.runId,
          evaluation.step,
          evaluation.examplesSeen,
          evaluation.split,
          evaluation.weights,
          writeScores(evaluation.scores),
          map?.side ?? null,
          map === undefined ? null : bytesOf(map.values),
          evaluation.atMs,
        ),
      );
      if (evaluation.split === 'validation' && evaluation.weights === 'current') {
        const text = z
          .object({ best_scores: z.string() })
          .parse(statement(db, 'SELECT best_scores FROM runs WHERE run_id = ?').get(evaluation.runId)).best_scores;
        const best = readBestScores(text);
        considerScores(best, evaluation);
        statement(db, 'UPDATE runs SET best_scores = ? WHERE run_id = ?').run(JSON.stringify(best), evaluation.runId);
      }
      return record;
    })
    .immediate();
}

/** In the order of their steps. */
export function listEvaluations(db: Registry, runId: string): EvaluationRecord[] {
  return statement(db, `SELECT ${COLUMNS} FROM evaluations WHERE run_id = ? ORDER BY step, evaluation_id`)
    .all(runId)
    .map(recordOf);
}

/** The class map of one evaluation, or of the run's latest that has one; undefined where there is none. */
export function readClassMap(
  db: Registry,
  runId: string,
  evaluationId?: number,
): (ClassMap & { readonly evaluationId: number; readonly step: number }) | undefined {
  const raw = statement(
    db,
    `SELECT evaluation_id, step, map_side, map_values FROM evaluations
     WHERE run_id = :runId AND map_side IS NOT NULL AND (:id IS NULL OR evaluation_id = :id)
     ORDER BY step DESC, evaluation_id DESC LIMIT 1`,
  ).get({ runId, id: evaluationId ?? null });
  if (raw === undefined) return undefined;
  const row = MapRow.parse(raw);
  // A blob may start anywhere in its buffer; a copy is aligned.
  const values = new Float32Array(Uint8Array.from(row.map_values).buffer);
  return { evaluationId: row.evaluation_id, step: row.step, side: row.map_side, values };
}

/** Deletes a run's evaluations after `step` and takes its best scores anew from the rest. */
export function truncateEvaluations(db: Registry, runId: string, step: number): void {
  const done = statement(db, 'DELETE FROM evaluations WHERE run_id = ? AND step > ?').run(runId, step);
  if (done.changes > 0) refreshBestScores(db, runId);
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
