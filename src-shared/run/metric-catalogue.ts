import { SUPERGLUE_TASKS } from './report-superglue.ts';

/** What a person should know about a metric; names are those of the objectives' step metrics and evaluations. */
export interface MetricFacts {
  readonly name: string;
  readonly label: string;
  /** "" for pure numbers. */
  readonly unit: string;
  /** Which way is better; "none" where neither is. */
  readonly direction: 'lower' | 'higher' | 'none';
  readonly format: 'loss' | 'score' | 'rate' | 'count' | 'ratio' | 'speed';
  readonly help: string;
}

const loss = (name: string, label: string, help: string): MetricFacts => ({
  name,
  label,
  unit: 'nats/token',
  direction: 'lower',
  format: 'loss',
  help,
});
const score = (name: string, label: string, help: string): MetricFacts => ({
  name,
  label,
  unit: '%',
  direction: 'higher',
  format: 'score',
  help,
});
const plain = (
  name: string,
  label: string,
  format: MetricFacts['format'],
  help: string,
  direction: MetricFacts['direction'] = 'none',
  unit = '',
): MetricFacts => ({ name, label, unit, direction, format, help });

/** Metrics that objectives, evaluations and the trainer report. */
export const METRIC_CATALOGUE: readonly MetricFacts[] = [
  loss('loss', 'Loss', 'Cross-entropy per target token.'),
  loss('student.loss', 'Student loss', 'Loss of the student on what it is trained on.'),
  loss('student.lossPseudo', 'Pseudo-example loss', 'Student on the pseudo example, before its step.'),
  loss('student.lossSupport', 'Support loss', 'Student on the support batch, after the pseudo step.'),
  loss('student.lossQuery', 'Query loss', 'Student on the query batch, after the support step.'),
  loss('teacher.lossU', 'Teacher pseudo loss', 'Teacher on its own pseudo example.'),
  loss('teacher.lossXm', 'Teacher input loss', 'Auxiliary loss of the teacher: writing the masked input and the text.'),
  loss('teacher.lossYm', 'Teacher output loss', 'Auxiliary loss of the teacher: filling in the masked positions.'),
  plain(
    'feedback.h',
    'Feedback h',
    'ratio',
    'Cosine between the pseudo step and the query gradient; above 0 the pseudo step helped.',
    'higher',
  ),
  plain(
    'feedback.unscaled',
    'Feedback, unscaled',
    'ratio',
    'Inner product of pseudo step and query gradient.',
    'higher',
  ),
  plain('feedback.skipped', 'Skipped feedback', 'count', 'Micro-batches whose h was NaN or outside [-1, 1].', 'lower'),
  plain('student.learningRate', 'Student learning rate', 'rate', 'Learning rate of the step, after the schedule.'),
  plain('teacher.learningRate', 'Teacher learning rate', 'rate', 'Learning rate of the step, after the schedule.'),
  plain('student.gradNorm', 'Student gradient norm', 'ratio', 'Global norm before clipping.'),
  plain('student.gradNormSupport', 'Support gradient norm', 'ratio', 'Global norm before clipping.'),
  plain('student.gradNormQuery', 'Query gradient norm', 'ratio', 'Global norm before clipping.'),
  plain('teacher.gradNorm', 'Teacher gradient norm', 'ratio', 'Global norm before clipping.'),
  score('accuracy', 'Accuracy', 'Share of examples labeled right.'),
  score('Overall', 'Overall', 'Mean of the scores of all tasks; a task with two metrics counts with their mean.'),
  score('MLM', 'MLM accuracy', 'Share of masked tokens predicted right.'),
  score('SuperGLUE', 'SuperGLUE', 'Mean over the SuperGLUE tasks.'),
  ...SUPERGLUE_TASKS.flatMap(({ task, metrics }) =>
    metrics.map(({ key, label }) =>
      score(key, metrics.length === 1 ? task : `${task} ${label}`, `${label} on the SuperGLUE task ${task}.`),
    ),
  ),
  plain('nonFinite', 'Lost values', 'count', 'Values that were NaN or infinite in the interval.', 'lower', 'values'),
  plain('samplesPerSecond', 'Speed', 'speed', 'Examples trained on per second.', 'higher', 'samples/s'),
  plain(
    'dataWaitShare',
    'Waiting for data',
    'ratio',
    'Share of the time since the last point, 0 to 1, in which the engine waited for batches.',
    'lower',
  ),
];

const BY_NAME = new Map(METRIC_CATALOGUE.map((facts) => [facts.name, facts]));

/**
 * Facts of a metric. A prefixed name ("validation.best.accuracy", "MLM.loss") falls back to its last word, and an
 * unknown one to what its name says: a loss is better lower, anything else is a plain number.
 */
export function metricFacts(name: string): MetricFacts {
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  const last = BY_NAME.get(name.slice(name.lastIndexOf('.') + 1));
  if (last !== undefined) return { ...last, name, label: name };
  if (/(loss|Loss)([A-Z]\w*)?$/.test(name)) return loss(name, name, '');
  if (/learningRate$/i.test(name)) return plain(name, name, 'rate', '');
  return plain(name, name, 'ratio', '');
}

/** Whether `value` is better than `than`; false where the metric has no better side or `value` is not finite. */
export function isBetterScore(name: string, value: number, than: number): boolean {
  if (!Number.isFinite(value)) return false;
  const { direction } = metricFacts(name);
  if (direction === 'none') return false;
  return direction === 'lower' ? value < than : value > than;
}
