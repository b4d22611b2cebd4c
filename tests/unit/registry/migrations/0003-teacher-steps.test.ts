import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migration0001 } from '../../../../src-main/registry/migrations/0001-runs.ts';
import { migration0002 } from '../../../../src-main/registry/migrations/0002-experiments.ts';
import { migration0003 } from '../../../../src-main/registry/migrations/0003-teacher-steps.ts';
import { migrate } from '../../../../src-main/registry/open-registry.ts';
import {
  listTeacherExamples,
  listTeacherSteps,
  teacherExampleSteps,
  truncateTeacherExamples,
} from '../../../../src-main/registry/teacher-examples.ts';

const FROZEN = readFileSync(new URL('../fixtures/schema-0001.sql', import.meta.url), 'utf8');

describe('migration 0003', () => {
  it('takes over what version 1 kept, in its order, with statistics made when they are read', () => {
    const db = new Database(':memory:');
    db.exec(FROZEN);
    const add = db.prepare(
      "INSERT INTO teacher_examples (run_id, step, examples_seen, feedback, x_u, x_hat, y_hat) VALUES ('frozen-run', ?, ?, ?, ?, ?, ?)",
    );
    add.run(60, 960, null, '["[CLS0]"," 7"]', '["[CLS0]","[MASK]"]', '["[CLS0]"," 7"]');
    add.run(60, 960, null, '["[CLS0]"," 8"]', '["[CLS0]"," 9"]', '["[CLS0]"," 8"]');
    migrate(db, ':memory:', [migration0001, migration0002, migration0003]);
    expect(db.pragma('user_version', { simple: true })).toBe(3);
    expect(
      listTeacherExamples(db, 'frozen-run', 2).map(({ step, textIndex, xU, xHat }) => [step, textIndex, xU, xHat]),
    ).toEqual([
      [60, 0, ['[CLS0]', ' 7'], ['[CLS0]', '[MASK]']],
      [60, 1, ['[CLS0]', ' 8'], ['[CLS0]', ' 9']],
    ]);
    const last = listTeacherSteps(db, 'frozen-run').at(-1);
    expect(last).toMatchObject({ step: 60, examplesSeen: 960, feedback: null });
    expect(last?.statistics.x).toMatchObject({ kept: 0.5, masked: 0.25, replaced: 0.25, distinct: 3 });
    expect(last?.statistics.x.teacherEntropy).toBeNaN();
    expect(listTeacherSteps(db, 'frozen-run')[0]?.feedback).toBe(0.25);
    truncateTeacherExamples(db, 'frozen-run', 59);
    expect(teacherExampleSteps(db, 'frozen-run')).toHaveLength(1);
    expect(db.prepare('SELECT count(*) FROM teacher_texts').pluck().get()).toBe(1);
  });

  it('makes these tables', () => {
    const db = new Database(':memory:');
    migrate(db, ':memory:', [migration0001, migration0002, migration0003]);
    const columns = (table: string) => db.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(table);
    expect(columns('teacher_examples')).toEqual([]);
    expect(columns('teacher_texts')).toEqual(['texts_key', 'texts']);
    expect(columns('teacher_steps')).toEqual([
      'teacher_step_id',
      'run_id',
      'step',
      'examples_seen',
      'feedback',
      'texts_key',
      'written',
      'is_deflated',
      'statistics',
      'bytes',
    ]);
  });
});
