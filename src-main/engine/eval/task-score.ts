import type { ClassificationTask, TaskExample } from '../data/tasks/task.ts';
import type { TaskLabel } from '../data/tasks/superglue/text-example.ts';
import { accuracy } from './accuracy.ts';
import { macroF1 } from './macro-f1.ts';
import { multiRcScores, type MultiRcQuestion } from './multirc.ts';
import { metricScores, SUPER_GLUE, type TaskScore } from './overall-scores.ts';
import { mean, type LabeledIdx, type Predictions } from './predictions.ts';
import { recordScores } from './record.ts';

type Scorer = (examples: readonly TaskExample[], predictions: Predictions<TaskLabel>) => TaskScore;

/** Tasks whose score is not accuracy; shares, 0..1. */
const SCORERS: Readonly<Record<string, Scorer>> = {
  CB: (examples, predictions) => [
    macroF1(withLabels(examples), predictions),
    accuracy(withLabels(examples), predictions),
  ],
  MultiRC: (examples, predictions) => multiRcScores(questionsOf(examples), asNumbers(predictions)),
  ReCoRD: (examples, predictions) =>
    recordScores(
      examples.flatMap(({ idx, answers = [] }) =>
        answers.length === 0 ? [] : [{ idx, answers: answers.map(asText) }],
      ),
      asTexts(predictions),
    ),
};

/** Whether it is known what is right. */
export function isLabeled({ label, answers }: TaskExample): boolean {
  return label !== undefined || (answers !== undefined && answers.length > 0);
}

/**
 * A run's scores of its task, x100, from the examples that have labels; none where no example has. SuperGLUE's tasks have
 * their metrics by name ("BoolQ", "CB_F1") and their score as "Overall" (of two metrics the mean); others have "accuracy".
 * @throws AppError input/invalid when a prediction is missing
 */
export function taskScores(
  task: ClassificationTask,
  examples: readonly TaskExample[],
  predictions: Predictions<TaskLabel>,
): Record<string, number> {
  const labeled = examples.filter(isLabeled);
  if (labeled.length === 0) return {};
  const scorer = SCORERS[task.name];
  const share = scorer?.(labeled, predictions) ?? accuracy(withLabels(labeled), predictions);
  if (!SUPER_GLUE.tasks.includes(task.name)) return { accuracy: 100 * overall(share) };
  const score: TaskScore = typeof share === 'number' ? 100 * share : [100 * share[0], 100 * share[1]];
  return { Overall: overall(score), ...metricScores({ [task.name]: score }) };
}

const overall = (score: TaskScore): number => (typeof score === 'number' ? score : mean(score));

function withLabels(examples: readonly TaskExample[]): LabeledIdx<TaskLabel>[] {
  return examples.flatMap(({ idx, label }) => (label === undefined ? [] : [{ idx, label }]));
}

/** Answers by their question. */
function questionsOf(examples: readonly TaskExample[]): MultiRcQuestion[] {
  const questions = new Map<number, { idx: number; label: number }[]>();
  for (const { idx, group, label } of examples) {
    if (group === undefined) throw new Error(`answer ${idx} belongs to no question`);
    const answers = questions.get(group) ?? [];
    answers.push({ idx, label: Number(label) });
    questions.set(group, answers);
  }
  return Array.from(questions.values(), (answers) => ({ answers }));
}

const asText = (text: string): { text: string } => ({ text });
const asNumbers = (predictions: Predictions<TaskLabel>): Predictions<number> =>
  new Map(Array.from(predictions, ([idx, label]) => [idx, Number(label)]));
const asTexts = (predictions: Predictions<TaskLabel>): Predictions<string> =>
  new Map(Array.from(predictions, ([idx, label]) => [idx, String(label)]));
