/** A metric of a SuperGLUE task; `key` is its name among a run's scores. */
export interface SuperGlueMetric {
  readonly key: string;
  readonly label: string;
}

export interface SuperGlueTask {
  readonly task: string;
  /** One, or both of a task with two; the task's score is their mean. */
  readonly metrics: readonly SuperGlueMetric[];
}

const accuracy = (task: string): SuperGlueTask => ({ task, metrics: [{ key: task, label: 'accuracy' }] });
const pair = (task: string, first: readonly [string, string], second: readonly [string, string]): SuperGlueTask => ({
  task,
  metrics: [first, second].map(([key, label]) => ({ key: `${task}_${key}`, label })),
});

/** The eight tasks in the benchmark's order. */
export const SUPERGLUE_TASKS: readonly SuperGlueTask[] = [
  accuracy('BoolQ'),
  pair('CB', ['F1', 'F1'], ['Acc', 'accuracy']),
  accuracy('COPA'),
  pair('MultiRC', ['F1a', 'F1a'], ['EM', 'exact match']),
  // Its exact match is an accuracy by name, as the scores have it.
  pair('ReCoRD', ['F1', 'F1'], ['Acc', 'exact match']),
  accuracy('RTE'),
  accuracy('WiC'),
  accuracy('WSC'),
];

/** A row of published results: scores x100 by metric key, and the macro average as published. */
export interface PublishedRow {
  readonly label: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly average: number;
}

/**
 * SuperGLUE validation scores of the report "Meta-learning a Language Modeling Objective" (Jeffrey Shen, 2021). Of the soft
 * teacher's student only the average is stated.
 */
export const REPORT_SUPERGLUE: readonly PublishedRow[] = [
  {
    label: 'Report: MLM',
    scores: {
      BoolQ: 66.1,
      CB_F1: 67.3,
      CB_Acc: 71.4,
      COPA: 57.0,
      MultiRC_F1a: 52.0,
      MultiRC_EM: 10.4,
      ReCoRD_F1: 12.7,
      ReCoRD_Acc: 10.6,
      RTE: 56.0,
      WiC: 56.1,
      WSC: 72.1,
    },
    average: 52.4,
  },
  { label: 'Report: soft', scores: {}, average: 46.6 },
];
