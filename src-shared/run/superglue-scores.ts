import type { SuperGlueTaskName } from '../config/superglue-tasks.ts';
import { SUPERGLUE_TASKS } from './report-superglue.ts';

/** Scores x100 by metric key ("BoolQ", "CB_F1", "CB_Acc", ...). */
export type MetricScores = Readonly<Record<string, number>>;

/** Metric keys of a task, in the order of its columns. */
export function metricKeys(task: SuperGlueTaskName): readonly string[] {
  return (SUPERGLUE_TASKS.find((one) => one.task === task)?.metrics ?? []).map(({ key }) => key);
}

/** A task's own metrics among all that were measured. */
export function taskMetrics(task: SuperGlueTaskName, scores: MetricScores): Record<string, number> {
  return Object.fromEntries(
    metricKeys(task).flatMap((key) => {
      const value = scores[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** Mean of a task's metrics; undefined where one is missing. */
export function taskScore(task: SuperGlueTaskName, scores: MetricScores): number | undefined {
  const values = metricKeys(task).map((key) => scores[key]);
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known.reduce((a, b) => a + b, 0) / values.length : undefined;
}

/** Mean over the tasks that have a score, of each task's mean over its metrics; undefined where none has. */
export function averageOf(tasks: readonly SuperGlueTaskName[], scores: MetricScores): number | undefined {
  const means = tasks.map((task) => taskScore(task, scores)).filter((value) => value !== undefined);
  return means.length === 0 ? undefined : means.reduce((a, b) => a + b, 0) / means.length;
}
