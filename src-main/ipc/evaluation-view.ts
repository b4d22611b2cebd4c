import type { EvaluationView } from '../../src-shared/ipc/run-views.ts';
import type { EvaluationRecord } from '../../src-shared/run/records.ts';

export function evaluationView({
  evaluationId,
  step,
  split,
  weights,
  scores,
  hasClassMap,
}: EvaluationRecord): EvaluationView {
  return { evaluationId, step, split, weights, scores: { ...scores }, hasClassMap };
}
