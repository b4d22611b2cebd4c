import { PAD_ID } from '../special-tokens.ts';

/** A label and the token that stands for it in targets. */
export interface LabelToken<Label> {
  readonly label: Label;
  readonly token: number;
}

/** A labeled task: its own first token, and one token per label. Without labels, answers are marked spans (ReCoRD). */
export interface ClassificationTask<Label = string | number | boolean> {
  readonly name: string;
  /** Replaces the first id of every encoded row. */
  readonly taskToken: number;
  readonly labels: readonly LabelToken<Label>[];
}

/** One window of an encoded example as the model reads it. */
export interface TaskRow {
  readonly x: Int32Array; // [S]
  /** Target ids, PAD where there is none; all PAD for an unlabeled example. */
  readonly y: Int32Array; // [S]
}

/** One example of a split with all its windows. */
export interface TaskExample<Label = string | number | boolean> {
  readonly idx: number;
  /** Absent in splits without labels. */
  readonly label?: Label;
  /** Examples of one group are trained on one after the other and scored together (MultiRC: a question's answers). */
  readonly group?: number;
  /** Texts that answer it, where answers are spans; absent in splits without labels. */
  readonly answers?: readonly string[];
  /** May be made anew whenever they are read. */
  readonly rows: readonly TaskRow[];
  /** Ids of the longest row, where that is known without making them. */
  readonly longest?: number;
}

/** Ids of an example's longest row. */
export function longestRow(example: TaskExample): number {
  return example.longest ?? Math.max(0, ...example.rows.map(({ x }) => x.length));
}

/**
 * A window's ids with the task's token in front, and the label's token as the target of every position that is not padding.
 * Without a label the target is PAD everywhere.
 */
export function encodeTaskRow<Label>(
  task: ClassificationTask<Label>,
  ids: Int32Array,
  label: Label | undefined,
): TaskRow {
  const x = Int32Array.from(ids);
  x[0] = task.taskToken;
  if (label === undefined) return { x, y: new Int32Array(x.length) };
  const entry = task.labels.find((candidate) => candidate.label === label);
  if (entry === undefined) throw new Error(`${task.name} has no label ${String(label)}`);
  return { x, y: x.map((id) => (id === PAD_ID ? PAD_ID : entry.token)) };
}
