import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  getCheckpoint,
  listCheckpoints,
  putCheckpoint,
  removeCheckpoint,
} from '../../../src-main/registry/checkpoints.ts';
import { addEvaluation, listEvaluations, readClassMap } from '../../../src-main/registry/evaluations.ts';
import { readMetric } from '../../../src-main/registry/metric-reads.ts';
import { appendMetrics } from '../../../src-main/registry/metrics.ts';
import type { Registry } from '../../../src-main/registry/open-registry.ts';
import { getRun } from '../../../src-main/registry/runs.ts';
import {
  addTeacherExamples,
  listTeacherExamples,
  teacherExampleSteps,
} from '../../../src-main/registry/teacher-examples.ts';
import { truncateAfterStep } from '../../../src-main/registry/truncate-run.ts';
import type { CheckpointRecord } from '../../../src-shared/run/records.ts';
import { registryWithRun, RUN } from './sample-run.ts';

let db: Registry;
beforeEach(() => {
  db = registryWithRun();
});
afterEach(() => {
  db.close();
});

function evaluate(step: number, scores: Record<string, number>, split = 'validation', weights = 'current'): void {
  addEvaluation(db, { runId: RUN, step, examplesSeen: step * 16, split, weights, scores, atMs: step });
}

function checkpoint(kind: string, step: number): CheckpointRecord {
  return {
    runId: RUN,
    kind,
    step,
    examplesSeen: step * 16,
    file: `/x/${kind}`,
    bytes: 10,
    sha256: 'ab',
    scores: { loss: NaN },
    savedAtMs: 5,
  };
}

describe('evaluations', () => {
  it('keep the best validation score of each metric, by the direction that is better', () => {
    evaluate(10, { loss: 2, accuracy: 60 });
    evaluate(20, { loss: 1, accuracy: 50 });
    evaluate(30, { loss: 1, accuracy: NaN });
    evaluate(40, { loss: 0.5, accuracy: 99 }, 'test', 'latest');
    expect(getRun(db, RUN).bestScores).toEqual({ loss: { value: 1, step: 20 }, accuracy: { value: 60, step: 10 } });
    expect(listEvaluations(db, RUN)).toMatchObject([
      { step: 10, scores: { loss: 2, accuracy: 60 }, hasClassMap: false },
      { step: 20, examplesSeen: 320 },
      { step: 30, scores: { accuracy: NaN } },
      { step: 40, split: 'test', weights: 'latest' },
    ]);
  });

  it('keep class maps bit for bit; the newest is read unless one is named', () => {
    const map = (fill: number) => ({ side: 2, values: Float32Array.of(fill, 0.1, NaN, 1) });
    const at = { runId: RUN, examplesSeen: 1, split: 'validation', weights: 'current', scores: {}, atMs: 1 };
    const first = addEvaluation(db, { ...at, step: 1, classMap: map(0.25) });
    addEvaluation(db, { ...at, step: 2, classMap: map(0.75) });
    evaluate(3, {});
    expect(first.hasClassMap).toBe(true);
    expect(readClassMap(db, RUN)).toMatchObject({ step: 2, side: 2, values: map(0.75).values });
    expect(readClassMap(db, RUN, first.evaluationId)).toMatchObject({ step: 1, values: map(0.25).values });
    expect(readClassMap(db, 'nope')).toBeUndefined();
  });
});

describe('teacher examples', () => {
  it('come newest step first, within a step in the order of the batch', () => {
    const example = (word: string, textIndex = 0) => ({
      textIndex,
      xU: [word, ' a'],
      xHat: ['[MASK]', ' a'],
      yHat: [word, ' b'],
    });
    addTeacherExamples(db, { runId: RUN, step: 1, examplesSeen: 16, feedback: 0.5 }, [example('one'), example('two')]);
    addTeacherExamples(db, { runId: RUN, step: 2, examplesSeen: 32, feedback: NaN }, [example('three')]);
    addTeacherExamples(db, { runId: RUN, step: 3, examplesSeen: 48 }, [example('four')]);
    expect(listTeacherExamples(db, RUN, 10).map((one) => [one.step, one.xU[0], one.feedback])).toEqual([
      [3, 'four', null],
      [2, 'three', NaN],
      [1, 'one', 0.5],
      [1, 'two', 0.5],
    ]);
    expect(listTeacherExamples(db, RUN, 1, 2)).toMatchObject([
      { step: 2, xHat: ['[MASK]', ' a'], yHat: ['three', ' b'] },
    ]);
    expect(teacherExampleSteps(db, RUN)).toEqual([1, 2, 3]);
  });
});

describe('checkpoints', () => {
  it('hold one of each kind', () => {
    putCheckpoint(db, checkpoint('latest', 10));
    putCheckpoint(db, checkpoint('best-loss', 10));
    putCheckpoint(db, checkpoint('latest', 20));
    expect(listCheckpoints(db, RUN)).toEqual([checkpoint('best-loss', 10), checkpoint('latest', 20)]);
    removeCheckpoint(db, RUN, 'latest');
    expect(getCheckpoint(db, RUN, 'latest')).toBeUndefined();
    expect(getCheckpoint(db, RUN, 'best-loss')?.step).toBe(10);
  });
});

describe('truncateAfterStep', () => {
  it('leaves no trace of what a resumed run will measure again', () => {
    appendMetrics(db, RUN, [{ name: 'student.loss', steps: [10, 20, 30], values: [3, 2, 1] }], 0);
    evaluate(10, { loss: 3 });
    evaluate(20, { loss: 4 });
    evaluate(30, { loss: 1 });
    for (const step of [10, 30])
      addTeacherExamples(db, { runId: RUN, step, examplesSeen: step }, [
        { textIndex: 0, xU: ['a'], xHat: ['a'], yHat: ['a'] },
      ]);
    putCheckpoint(db, checkpoint('latest', 20));
    putCheckpoint(db, checkpoint('best-loss', 30));
    expect(truncateAfterStep(db, RUN, 20)).toEqual([checkpoint('best-loss', 30)]);
    expect([...readMetric(db, RUN, 'student.loss').steps]).toEqual([10, 20]);
    expect(listEvaluations(db, RUN).map((one) => one.step)).toEqual([10, 20]);
    expect(getRun(db, RUN).bestScores).toEqual({ loss: { value: 3, step: 10 } });
    expect(teacherExampleSteps(db, RUN)).toEqual([10]);
    expect(listCheckpoints(db, RUN).map((one) => one.kind)).toEqual(['latest']);
    expect(truncateAfterStep(db, RUN, 20)).toEqual([]);
  });
});
