import type { EvaluationView } from '../../src-shared/ipc/run-views.ts';

/** Which weights' maps are looked at: those of each evaluated step, or a tested checkpoint's. */
export const MAP_WEIGHTS = ['current', 'best-accuracy', 'best-loss', 'latest'] as const;
export type MapWeights = (typeof MAP_WEIGHTS)[number];

export const WEIGHTS_LABELS: Readonly<Record<MapWeights, string>> = {
  current: 'At the step',
  'best-accuracy': 'Best accuracy',
  'best-loss': 'Best loss',
  latest: 'Latest',
};

/** Evaluations with a map of the weights at their own step, ascending by step. */
export function mapsOverSteps(evaluations: readonly EvaluationView[]): EvaluationView[] {
  return evaluations
    .filter(({ hasClassMap, weights }) => hasClassMap && weights === 'current')
    .sort((a, b) => a.step - b.step);
}

/** The evaluation to show: of these weights at the end, or the last at or before `step`, else the first. */
export function mapToShow(
  evaluations: readonly EvaluationView[],
  weights: MapWeights,
  step: number,
): EvaluationView | undefined {
  if (weights !== 'current') return evaluations.findLast((one) => one.hasClassMap && one.weights === weights);
  const maps = mapsOverSteps(evaluations);
  return maps.findLast((one) => one.step <= step) ?? maps[0];
}
