import { listEvaluations as listStored, readClassMap as readStored } from '../../registry/evaluations.ts';
import { readBuckets } from '../../registry/metric-reads.ts';
import { getRun, getRunOverview } from '../../registry/runs.ts';
import { evaluationView } from '../evaluation-view.ts';
import type { Handler } from '../handler.ts';
import type { Host } from '../host.ts';

/** Digits of a probability that a colour can show. */
const MAP_DIGITS = 3;

export function readMetrics({ db }: Host): Handler<'metrics.read'> {
  return ({ runId, names, maxBuckets, range }) => {
    getRunOverview(db, runId);
    const steps = range === undefined ? {} : { fromStep: range.from, toStep: range.to - 1 };
    return names.map((name) => readBuckets(db, runId, name, maxBuckets, steps));
  };
}

export function listEvaluations({ db }: Host): Handler<'evaluations.list'> {
  return ({ runId }) => {
    getRunOverview(db, runId);
    return listStored(db, runId).map(evaluationView);
  };
}

export function readClassMap({ db }: Host): Handler<'evaluations.classMap'> {
  return ({ runId, evaluationId }) => {
    getRunOverview(db, runId);
    const map = readStored(db, runId, evaluationId);
    return map === undefined
      ? null
      : { ...map, values: Array.from(map.values, (value) => Number(value.toFixed(MAP_DIGITS))) };
  };
}

export function readLabeledPoints({ db, labeledPoints }: Host): Handler<'data.labeledPoints'> {
  return ({ runId }) => labeledPoints(getRun(db, runId).config);
}
