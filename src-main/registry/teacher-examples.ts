import { z } from 'zod';
import type { TeacherExample, TeacherExampleRecord } from '../../src-shared/run/records.ts';
import type { StepStatistics } from '../../src-shared/run/teacher-collapse.ts';
import { teacherStatistics } from '../../src-shared/run/teacher-statistics.ts';
import { readNumber, writeNumber } from './json-columns.ts';
import type { Registry } from './open-registry.ts';
import { statement } from './statements.ts';
import { readStatistics, writeStatistics } from './teacher-statistics-column.ts';
import { packWritten, storedTexts, unpackExamples } from './teacher-step-codec.ts';
import { stepsToGiveUp } from './thin-steps.ts';

/**
 * Room a row is counted with: its bytes and those of its index entries, three times, because SQLite leaves a page as it is
 * until it is less than a third full. So the file never holds more for a run than was counted.
 */
const ROW_BYTES = 160;
const PAGE_SLACK = 3;

/** What the teacher wrote at one kept step, with the probe texts. */
export interface TeacherStep {
  readonly step: number;
  readonly examplesSeen: number;
  /** h of the step; null where it was not measured. */
  readonly feedback: number | null;
  /** The same for runs that write for the same texts. */
  readonly textsKey: string;
  readonly examples: readonly TeacherExample[];
}

/** A kept step without its texts. */
export interface TeacherStepOverview extends StepStatistics {
  readonly feedback: number | null;
  readonly textsKey: string;
}

const OverviewRow = z.object({
  step: z.number(),
  examples_seen: z.number(),
  feedback: z.string().nullable(),
  texts_key: z.string(),
  statistics: z.string().nullable(),
});
const ContentRow = z.object({
  teacher_step_id: z.number(),
  step: z.number(),
  examples_seen: z.number(),
  feedback: z.string().nullable(),
  texts_key: z.string(),
  texts: z.string(),
  written: z.instanceof(Uint8Array),
  is_deflated: z.number(),
});
const SizeRow = z.object({ step: z.number(), bytes: z.number() });

const CONTENT = `SELECT teacher_step_id, step, examples_seen, feedback, s.texts_key, texts, written, is_deflated
  FROM teacher_steps AS s JOIN teacher_texts AS t ON t.texts_key = s.texts_key WHERE run_id = ?`;
const OVERVIEW = 'SELECT step, examples_seen, feedback, texts_key, statistics FROM teacher_steps WHERE run_id = ?';

/**
 * Stores what the teacher wrote at one step, in one transaction; where the run's examples then take more than `budgetBytes`, steps in
 * between are given up.
 */
export function addTeacherExamples(
  db: Registry,
  at: {
    readonly runId: string;
    readonly step: number;
    readonly examplesSeen: number;
    readonly feedback?: number | undefined;
    /** Mean entropy of the teacher's distributions, nats per position; NaN where it was not measured. */
    readonly entropy?: { readonly x: number; readonly y: number } | undefined;
  },
  examples: readonly TeacherExample[],
  budgetBytes = Infinity,
): void {
  const texts = storedTexts(examples);
  const written = packWritten(examples, texts.json);
  const statistics = writeStatistics(teacherStatistics(examples, at.entropy ?? { x: NaN, y: NaN }));
  const feedback = at.feedback === undefined ? null : writeNumber(at.feedback);
  const bytes = PAGE_SLACK * (ROW_BYTES + written.length + Buffer.byteLength(statistics));
  db.transaction(() => {
    statement(db, 'INSERT INTO teacher_texts (texts_key, texts) VALUES (?, ?) ON CONFLICT DO NOTHING').run(
      texts.key,
      texts.json,
    );
    statement(db, 'DELETE FROM teacher_steps WHERE run_id = ? AND step = ?').run(at.runId, at.step);
    statement(
      db,
      `INSERT INTO teacher_steps
       (run_id, step, examples_seen, feedback, texts_key, written, is_deflated, statistics, bytes)
       VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)`,
    ).run(at.runId, at.step, at.examplesSeen, feedback, texts.key, written, statistics, bytes);
    thin(db, at.runId, budgetBytes - Buffer.byteLength(texts.json));
  }).immediate();
}

function thin(db: Registry, runId: string, budgetBytes: number): void {
  if (teacherExampleBytes(db, runId) <= budgetBytes) return;
  const sizes = z
    .array(SizeRow)
    .parse(statement(db, 'SELECT step, bytes FROM teacher_steps WHERE run_id = ? ORDER BY step').all(runId));
  const remove = statement(db, 'DELETE FROM teacher_steps WHERE run_id = ? AND step = ?');
  for (const step of stepsToGiveUp(sizes, budgetBytes)) remove.run(runId, step);
}

/** Room that a run's kept steps are counted with, bytes; its probe texts, which runs share, apart. */
export function teacherExampleBytes(db: Registry, runId: string): number {
  return Number(
    statement(db, 'SELECT coalesce(sum(bytes), 0) AS sum FROM teacher_steps WHERE run_id = ?').pluck().get(runId),
  );
}

/** The newest `limit` examples, newest step first; within a step in the order of the probe. */
export function listTeacherExamples(
  db: Registry,
  runId: string,
  limit: number,
  upToStep: number = Number.MAX_SAFE_INTEGER,
): TeacherExampleRecord[] {
  const found: TeacherExampleRecord[] = [];
  for (const raw of statement(db, `${CONTENT} AND step <= ? ORDER BY step DESC`).iterate(runId, upToStep)) {
    const row = ContentRow.parse(raw);
    const { step, examplesSeen, feedback, examples } = stepOf(row);
    for (const [place, example] of examples.entries()) {
      // Unique as long as a probe has fewer texts than this.
      const exampleId = row.teacher_step_id * 1024 + place;
      found.push({ exampleId, runId, step, examplesSeen, feedback, ...example });
      if (found.length === limit) return found;
    }
  }
  return found;
}

/** The steps at which examples are kept, ascending. */
export function teacherExampleSteps(db: Registry, runId: string): number[] {
  return z
    .array(z.number())
    .parse(statement(db, 'SELECT step FROM teacher_steps WHERE run_id = ? ORDER BY step').pluck().all(runId));
}

/** Every kept step with its statistics, ascending. */
export function listTeacherSteps(db: Registry, runId: string): TeacherStepOverview[] {
  return statement(db, `${OVERVIEW} ORDER BY step`)
    .all(runId)
    .map((raw) => overviewOf(db, runId, raw));
}

/** The same from the newest on, read one by one. */
export function* teacherStepsBackwards(db: Registry, runId: string): Generator<TeacherStepOverview, void, void> {
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const raw = statement(db, `${OVERVIEW} AND step < ? ORDER BY step DESC LIMIT 1`).get(runId, before);
    if (raw === undefined) return;
    const overview = overviewOf(db, runId, raw);
    yield overview;
    before = overview.step;
  }
}

/** Every kept step with its texts, ascending, read one by one. */
export function* teacherSteps(db: Registry, runId: string): Generator<TeacherStep, void, void> {
  for (let after = -1; ;) {
    const raw = statement(db, `${CONTENT} AND step > ? ORDER BY step LIMIT 1`).get(runId, after);
    if (raw === undefined) return;
    const step = stepOf(ContentRow.parse(raw));
    yield step;
    after = step.step;
  }
}

/** The kept step at `step` or the nearest before it, else the first; undefined where nothing is kept. */
export function readTeacherStep(db: Registry, runId: string, step: number): TeacherStep | undefined {
  const raw =
    statement(db, `${CONTENT} AND step <= ? ORDER BY step DESC LIMIT 1`).get(runId, step) ??
    statement(db, `${CONTENT} ORDER BY step LIMIT 1`).get(runId);
  return raw === undefined ? undefined : stepOf(ContentRow.parse(raw));
}

export function truncateTeacherExamples(db: Registry, runId: string, step: number): void {
  statement(db, 'DELETE FROM teacher_steps WHERE run_id = ? AND step > ?').run(runId, step);
}

function overviewOf(db: Registry, runId: string, raw: unknown): TeacherStepOverview {
  const row = OverviewRow.parse(raw);
  return {
    step: row.step,
    examplesSeen: row.examples_seen,
    feedback: row.feedback === null ? null : readNumber(row.feedback),
    textsKey: row.texts_key,
    // Registries of version 1 had none.
    statistics:
      row.statistics === null
        ? teacherStatistics(readTeacherStep(db, runId, row.step)?.examples ?? [], { x: NaN, y: NaN })
        : readStatistics(row.statistics),
  };
}

function stepOf(row: z.infer<typeof ContentRow>): TeacherStep {
  return {
    step: row.step,
    examplesSeen: row.examples_seen,
    feedback: row.feedback === null ? null : readNumber(row.feedback),
    textsKey: row.texts_key,
    examples: unpackExamples(row.texts, row.written, row.is_deflated === 1),
  };
}
