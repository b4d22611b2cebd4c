import { listEvaluations as listStored, readClassMap as readStored } from '../../registry/evaluations.ts';
import { readBuckets } from '../../registry/metric-reads.ts';
import { getRun } from '../../registry/runs.ts';
import { listTeacherExamples as listWritten } from '../../registry/teacher-examples.ts';
import { evaluationView } from '../evaluation-view.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';

/** Digits of a probability that a colour can show. */
const MAP_DIGITS = 3;

export function readMetrics({ db }: Host): Handler<'metrics.read'> {
  return ({ runId, names, maxBuckets }) => {
    getRun(db, runId);
    return names.map((name) => readBuckets(db, runId, name, maxBuckets));
  };
}

export function listEvaluations({ db }: Host): Handler<'evaluations.list'> {
  return ({ runId }) => {
    getRun(db, runId);
    return listStored(db, runId).map(evaluationView);
  };
}

export function readClassMap({ db }: Host): Handler<'evaluations.classMap'> {
  return ({ runId, evaluationId }) => {
    getRun(db, runId);
    const map = readStored(db, runId, evaluationId);
    return map === undefined
      ? null
      : { ...map, values: Array.from(map.values, (value) => Number(value.toFixed(MAP_DIGITS))) };
  };
}

export function readLabeledPoints({ db, labeledPoints }: Host): Handler<'data.labeledPoints'> {
  return ({ runId }) => labeledPoints(getRun(db, runId).config);
}

export function listTeacherExamples({ db }: Host): Handler<'teacherExamples.list'> {
  return ({ runId, limit }) => {
    getRun(db, runId);
    return listWritten(db, runId, limit).map(({ exampleId, step, feedback, xU, xHat, yHat }) => ({
      exampleId,
      step,
      feedback,
      xU: [...xU],
      xHat: [...xHat],
      yHat: [...yHat],
    }));
  };
}
