import type { TaskLabel, TextExample } from '../data/tasks/superglue/text-example.ts';
import { missingPrediction, type Predictions } from './predictions.ts';

/** Where an example stands in its split. */
export type SubmittedExample = Pick<TextExample, 'idx' | 'group' | 'passage'>;

/**
 * Predictions in the form that the benchmark takes, a line each: `{"idx": ..., "label": ...}` in the order of the split, and
 * for MultiRC a passage with its questions and answers. As the benchmark's own toolkit writes them (nyu-mll/jiant,
 * `write_preds` with `strict_glue_format`): BoolQ and WiC "true" and "false", WSC "True" and "False", CB, RTE and the
 * diagnostics their labels, COPA and MultiRC 0 and 1, ReCoRD a text.
 * @throws AppError input/invalid when a prediction is missing
 */
export function submissionLines(
  taskName: string,
  examples: readonly SubmittedExample[],
  predictions: Predictions<TaskLabel>,
): string[] {
  const labelOf = (idx: number): string | number => {
    const label = predictions.get(idx);
    if (label === undefined) throw missingPrediction(idx);
    return submittedLabel(taskName, label);
  };
  const rows =
    taskName === 'MultiRC' ? passagesOf(examples, labelOf) : examples.map(({ idx }) => ({ idx, label: labelOf(idx) }));
  return rows.map((row) => `${JSON.stringify(row)}\n`);
}

function submittedLabel(taskName: string, label: TaskLabel): string | number {
  if (typeof label !== 'boolean') return label;
  if (taskName === 'WSC') return label ? 'True' : 'False';
  return String(label);
}

type LabelOf = (idx: number) => string | number;

function passagesOf(examples: readonly SubmittedExample[], labelOf: LabelOf): unknown[] {
  return groupBy(examples, ({ passage }) => passage).map(([idx, answers]) => ({
    idx,
    passage: {
      questions: groupBy(answers, ({ group }) => group).map(([question, ofQuestion]) => ({
        idx: question,
        answers: ofQuestion.map((answer) => ({ idx: answer.idx, label: labelOf(answer.idx) })),
      })),
    },
  }));
}

/** Groups in the order of their first members. */
function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => number | undefined): [number, Item[]][] {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) throw new Error('an answer of MultiRC belongs to a question and a passage');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups];
}
