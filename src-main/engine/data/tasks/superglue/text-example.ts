import type { z } from 'zod';
import type { ClassificationTask } from '../task.ts';

export type TaskLabel = string | number | boolean;

/** An example as text, before tokens. */
export interface TextExample {
  /** Position in its split; predictions and scores go by it. */
  readonly idx: number;
  readonly a: string;
  readonly b: string;
  /** MultiRC: the question's number within the split, which its answers share. */
  readonly group?: number;
  /** MultiRC: the passage's number within the split. */
  readonly passage?: number;
  /** Absent where the split has no labels. */
  readonly label?: TaskLabel;
}

/** A SuperGLUE task that puts one label on a pair of texts. */
export interface PairTask extends ClassificationTask<TaskLabel> {
  /** Folder in the official archive. */
  readonly folder: string;
  /** One line of the official files. */
  readonly row: z.ZodType;
  /** The examples of a line that `row` accepts. */
  examples(row: unknown): TextExample[];
}

/** A task from its schema, with rows typed where they are read. */
export function pairTask<Row extends z.ZodType>(
  task: ClassificationTask<TaskLabel> & {
    readonly folder: string;
    readonly row: Row;
    readonly examples: (row: z.output<Row>) => TextExample[];
  },
): PairTask {
  return { ...task, examples: (row) => task.examples(row as z.output<Row>) };
}

/** `label` as a property, where there is one. */
export function withLabel(label: TaskLabel | undefined): { label?: TaskLabel } {
  return label === undefined ? {} : { label };
}
