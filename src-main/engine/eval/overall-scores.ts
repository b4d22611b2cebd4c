import { mean } from './predictions.ts';

/** A task's score x100; tasks with two metrics have both. */
export type TaskScore = number | readonly [number, number];

/** Names of the two metrics of tasks that have two. */
const METRIC_PAIRS: Readonly<Record<string, readonly [string, string]>> = {
  CB: ['F1', 'Acc'],
  MultiRC: ['F1a', 'EM'],
  ReCoRD: ['F1', 'Acc'],
};

/** Which tasks make up the group's score. */
export interface ScoreGroup {
  readonly name: string;
  readonly tasks: readonly string[];
}

export const SUPER_GLUE: ScoreGroup = {
  name: 'SuperGLUE',
  tasks: ['BoolQ', 'CB', 'COPA', 'MultiRC', 'ReCoRD', 'RTE', 'WiC', 'WSC'],
};
export const TWO_MOONS: ScoreGroup = { name: 'TWO_MOONS', tasks: ['Which_MOON'] };

function meanScore(score: TaskScore): number {
  return typeof score === 'number' ? score : mean(score);
}

/**
 * The group's score (mean over its tasks), its loss, and Overall and loss: means of MLM and the group. Only what is present
 * in `scores` (task names, and `<task>_loss`) takes part, and only what has a part appears.
 */
export function overallScores(group: ScoreGroup, scores: Readonly<Record<string, TaskScore>>): Record<string, number> {
  const result: Record<string, number> = {};
  const put = (name: string, values: readonly (TaskScore | undefined)[]): void => {
    const present = values.filter((value) => value !== undefined).map(meanScore);
    if (present.length > 0) result[name] = mean(present);
  };
  put(
    group.name,
    group.tasks.map((task) => scores[task]),
  );
  put(
    `${group.name}_loss`,
    group.tasks.map((task) => scores[`${task}_loss`]),
  );
  put('MLM', [scores['MLM']]);
  put('MLM_loss', [scores['MLM_loss']]);
  put('Overall', [result['MLM'], result[group.name]]);
  put('loss', [result['MLM_loss'], result[`${group.name}_loss`]]);
  return result;
}

/** Every task's metrics under names of their own: `CB` becomes `CB_F1` and `CB_Acc`. */
export function metricScores(scores: Readonly<Record<string, TaskScore>>): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [task, score] of Object.entries(scores)) {
    if (typeof score === 'number') {
      result[task] = score;
      continue;
    }
    const [first, second] = METRIC_PAIRS[task] ?? ['1', '2'];
    result[`${task}_${first}`] = score[0];
    result[`${task}_${second}`] = score[1];
  }
  return result;
}
