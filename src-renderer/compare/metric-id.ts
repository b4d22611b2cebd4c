import type { EvaluationView } from '../../src-shared/ipc/run-views.ts';
import { metricFacts, type MetricFacts } from '../../src-shared/run/metric-catalogue.ts';

/** Separates the split from the metric in the name of an evaluation's score; no step metric has it. */
const SPLIT_MARK = ':';

/** "validation:accuracy": a score of evaluations during training, as a metric beside those of the steps. */
export function evaluationMetric(split: string, metric: string): string {
  return `${split}${SPLIT_MARK}${metric}`;
}

/** Split and metric of an evaluation's score; undefined for a metric of the steps. */
export function parseEvaluationMetric(name: string): { readonly split: string; readonly metric: string } | undefined {
  const at = name.indexOf(SPLIT_MARK);
  return at < 0 ? undefined : { split: name.slice(0, at), metric: name.slice(at + 1) };
}

/** The scores that evaluations of the weights at hand have, by name. */
export function evaluationMetrics(evaluations: readonly EvaluationView[]): string[] {
  const names = evaluations
    .filter(({ weights }) => weights === 'current')
    .flatMap(({ split, scores }) => Object.keys(scores).map((metric) => evaluationMetric(split, metric)));
  return [...new Set(names)];
}

/** Facts of either kind of metric; an evaluation's label says its split. */
export function factsOf(name: string): MetricFacts {
  const evaluated = parseEvaluationMetric(name);
  if (evaluated === undefined) return metricFacts(name);
  const facts = metricFacts(evaluated.metric);
  const split = evaluated.split.charAt(0).toUpperCase() + evaluated.split.slice(1);
  return { ...facts, name, label: `${split} ${facts.label.charAt(0).toLowerCase()}${facts.label.slice(1)}` };
}

/** Looked at first, where runs have them. */
const FIRST_LOOK = [
  'student.loss',
  'student.lossQuery',
  'loss',
  'validation:accuracy',
  'validation:Overall',
  'validation:loss',
  'feedback.h',
];

/** What is shown before anything was chosen: at most four of the metrics that say most. */
export function standardMetrics(names: readonly string[]): string[] {
  const known = new Set(names);
  const first = FIRST_LOOK.filter((name) => known.has(name)).slice(0, 4);
  return first.length > 0 ? first : names.slice(0, 1);
}
