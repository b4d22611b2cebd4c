import { z } from 'zod';
import type { TeacherExample, TeacherExampleRecord } from '../../src-shared/run/records.ts';
import { readNumber, readTokens, writeNumber } from './json-columns.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';

const ExampleRow = z.object({
  example_id: z.number(),
  run_id: z.string(),
  step: z.number(),
  examples_seen: z.number(),
  feedback: z.string().nullable(),
  x_u: z.string(),
  x_hat: z.string(),
  y_hat: z.string(),
});

function recordOf(raw: unknown): TeacherExampleRecord {
  const row = ExampleRow.parse(raw);
  return {
    exampleId: row.example_id,
    runId: row.run_id,
    step: row.step,
    examplesSeen: row.examples_seen,
    feedback: row.feedback === null ? null : readNumber(row.feedback),
    xU: readTokens(row.x_u),
    xHat: readTokens(row.x_hat),
    yHat: readTokens(row.y_hat),
  };
}

/** Stores what the teacher wrote at one step, in one transaction. */
export function addTeacherExamples(
  db: Registry,
  at: {
    readonly runId: string;
    readonly step: number;
    readonly examplesSeen: number;
    readonly feedback?: number | undefined;
  },
  examples: readonly TeacherExample[],
): void {
  const insert = statement(
    db,
    'INSERT INTO teacher_examples (run_id, step, examples_seen, feedback, x_u, x_hat, y_hat) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const feedback = at.feedback === undefined ? null : writeNumber(at.feedback);
  db.transaction(() => {
    for (const { xU, xHat, yHat } of examples) {
      const texts = [xU, xHat, yHat].map((tokens) => JSON.stringify(tokens));
      insert.run(at.runId, at.step, at.examplesSeen, feedback, ...texts);
    }
  }).immediate();
}

/** The newest `limit` examples, newest step first; within a step in the order of the batch. */
export function listTeacherExamples(
  db: Registry,
  runId: string,
  limit: number,
  upToStep: number = Number.MAX_SAFE_INTEGER,
): TeacherExampleRecord[] {
  return statement(
    db,
    'SELECT * FROM teacher_examples WHERE run_id = ? AND step <= ? ORDER BY step DESC, example_id LIMIT ?',
  )
    .all(runId, upToStep, limit)
    .map(recordOf);
}

/** The steps at which examples were kept, ascending. */
export function teacherExampleSteps(db: Registry, runId: string): number[] {
  const rows = statement(db, 'SELECT DISTINCT step FROM teacher_examples WHERE run_id = ? ORDER BY step').all(runId);
  return z
    .array(z.object({ step: z.number() }))
    .parse(rows)
    .map((row) => row.step);
}

export function truncateTeacherExamples(db: Registry, runId: string, step: number): void {
  statement(db, 'DELETE FROM teacher_examples WHERE run_id = ? AND step > ?').run(runId, step);
}
