import type { SuperGlueTaskName } from '../../src-shared/config/superglue-tasks.ts';
import { REPORT_SUPERGLUE, SUPERGLUE_TASKS } from '../../src-shared/run/report-superglue.ts';
import { averageOf, type MetricScores } from '../../src-shared/run/superglue-scores.ts';
import { table } from './table.ts';

/** Validation scores of a pipeline's tasks, both metrics of those that have two, beside the report's. */
export function superGlueTableText(name: string, tasks: readonly SuperGlueTaskName[], scores: MetricScores): string {
  const columns = SUPERGLUE_TASKS.filter(({ task }) => tasks.some((one) => one === task)).flatMap(({ task, metrics }) =>
    metrics.map(({ key, label }) => ({ key, header: metrics.length === 1 ? task : `${task} ${label}` })),
  );
  const row = (label: string, values: MetricScores, average: number | undefined): string[] => [
    label,
    ...columns.map(({ key }) => shown(values[key])),
    shown(average),
  ];
  const isWhole = tasks.length === SUPERGLUE_TASKS.length;
  const reported = REPORT_SUPERGLUE.map(({ label, scores: values, average }) =>
    row(label, values, isWhole ? average : averageOf(tasks, values)),
  ).filter((cells) => cells.slice(1).some((cell) => cell !== '-'));
  return table([
    ['', ...columns.map(({ header }) => header), isWhole ? 'average' : 'average of these'],
    row(name, scores, averageOf(tasks, scores)),
    ...reported,
  ]);
}

function shown(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(1);
}
