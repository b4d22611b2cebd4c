import { beforeEach, describe, expect, it } from 'vitest';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import type { TeacherExample } from '../../../src-shared/run/records.ts';
import type { Registry } from '../../../src-main/registry/open-registry.ts';
import { insertRun } from '../../../src-main/registry/runs.ts';
import {
  addTeacherExamples,
  listTeacherExamples,
  listTeacherSteps,
  readTeacherStep,
  teacherExampleBytes,
  teacherExampleSteps,
} from '../../../src-main/registry/teacher-examples.ts';
import { registryWithRun, repeatableNumbers, RUN } from './sample-run.ts';

let db: Registry;
beforeEach(() => {
  db = registryWithRun();
});

const TEXTS = 16;
const LENGTH = 34;

/** What a teacher that writes at random makes of the same texts: hardly to be compressed. */
function randomExamples(random: () => number): TeacherExample[] {
  const text = repeatableNumbers(1);
  const words = (from: () => number) => Array.from({ length: LENGTH }, () => ` ${Math.floor(from() * 64)}`);
  return Array.from({ length: TEXTS }, (_, textIndex) => ({
    textIndex,
    xU: words(text),
    xHat: words(random),
    yHat: words(random),
  }));
}

/** Bytes of the pages that hold examples and their indexes, whatever is free in them. */
function pageBytes(): number {
  const sum = db.prepare("SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE 'teacher_%'").pluck().get();
  return Number(sum);
}

describe('teacher examples', () => {
  it('come back as they were written, the nearest kept step for any', () => {
    const random = repeatableNumbers(2);
    const [first, second] = [randomExamples(random), randomExamples(random)];
    addTeacherExamples(db, { runId: RUN, step: 10, examplesSeen: 160, feedback: NaN, entropy: { x: 1, y: 2 } }, first);
    addTeacherExamples(db, { runId: RUN, step: 20, examplesSeen: 320 }, second);
    expect(readTeacherStep(db, RUN, 19)).toMatchObject({ step: 10, feedback: NaN, examples: first });
    expect(readTeacherStep(db, RUN, 20)?.examples).toEqual(second);
    expect(readTeacherStep(db, RUN, 3)?.step).toBe(10);
    expect(readTeacherStep(db, 'nobody', 3)).toBeUndefined();
    const ids = listTeacherExamples(db, RUN, 40).map(({ exampleId }) => exampleId);
    expect(new Set(ids).size).toBe(2 * TEXTS);
    const [overview] = listTeacherSteps(db, RUN);
    expect(overview?.statistics.x).toMatchObject({ teacherEntropy: 1, kept: expect.closeTo(1 / 64, 1) as number });
    expect(overview?.statistics.y.teacherEntropy).toBe(2);
  });

  it('keep the probe texts once for all runs that share them, as long as one does', () => {
    const count = () => db.prepare('SELECT count(*) FROM teacher_texts').pluck().get();
    insertRun(db, { runId: 'other', name: 'other', config: preset('two-moons-soft'), createdAtMs: 1 });
    const examples = randomExamples(repeatableNumbers(3));
    addTeacherExamples(db, { runId: RUN, step: 1, examplesSeen: 16 }, examples);
    addTeacherExamples(db, { runId: 'other', step: 1, examplesSeen: 16 }, randomExamples(repeatableNumbers(4)));
    expect(count()).toBe(1);
    expect(readTeacherStep(db, RUN, 1)?.textsKey).toBe(readTeacherStep(db, 'other', 1)?.textsKey);
    db.prepare('DELETE FROM runs WHERE run_id = ?').run(RUN);
    expect(count()).toBe(1);
    db.prepare("DELETE FROM runs WHERE run_id = 'other'").run();
    expect(count()).toBe(0);
  });

  it('stay within the budget on the disk for as long as a run may last, evenly spaced, with both ends', () => {
    const random = repeatableNumbers(5);
    const budget = 1_000_000;
    const other = pageBytes();
    for (let step = 1; step <= 900; step += 1) {
      addTeacherExamples(db, { runId: RUN, step, examplesSeen: 16 * step }, randomExamples(random), budget);
      if (step % 25 === 0) expect(pageBytes() - other).toBeLessThanOrEqual(budget);
    }
    expect(teacherExampleBytes(db, RUN)).toBeLessThanOrEqual(budget);
    const kept = teacherExampleSteps(db, RUN);
    expect([kept[0], kept.at(-1)]).toEqual([1, 900]);
    const gaps = kept.slice(1, -1).map((step, i) => step - (kept[i] ?? 0));
    expect(Math.max(...gaps) / Math.min(...gaps)).toBeLessThanOrEqual(2);
    // The budget is used, too.
    expect(kept.length).toBeGreaterThan(100);
  });

  it('take little room where the teacher keeps most of the text', () => {
    const examples = randomExamples(repeatableNumbers(6)).map(({ textIndex, xU }) => ({
      textIndex,
      xU,
      xHat: xU.map((token, at) => (at % 7 === 0 ? '[MASK]' : token)),
      yHat: xU,
    }));
    addTeacherExamples(db, { runId: RUN, step: 1, examplesSeen: 16 }, examples);
    const stored = Number(db.prepare('SELECT length(written) FROM teacher_steps').pluck().get());
    expect(stored).toBeLessThan(JSON.stringify(examples).length / 10);
  });
});
