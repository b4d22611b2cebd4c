import { z } from 'zod';
import { AppError } from '../../../../src-shared/app-error.ts';
import { encodePairs } from '../../data/tasks/superglue/encode-pair.ts';
import { encodeRecord, NO_ANSWER_TOKEN, RECORD, recordExamples, RecordRow } from '../../data/tasks/superglue/record.ts';
import { PAIR_TASKS } from '../../data/tasks/superglue/tasks.ts';
import type { TaskExample } from '../../data/tasks/task.ts';
import type { Tokenizer } from '../../data/tokenizer.ts';
import type { WindowOptions } from '../../data/windows.ts';
import type { Comparison } from '../comparison.ts';
import { compareValues, type TextFixtures } from './text-fixtures.ts';

/** Windows of an example; where the reference ended with an error, that it did. */
const Windows = z.union([
  z.object({ error: z.string() }).transform(() => 'error' as const),
  z.object({ idxs: z.array(z.number()), features: z.array(z.array(z.number())), labels: z.array(z.array(z.number())) }),
]);
type Windows = z.output<typeof Windows>;

const EncodedTask = z.object({
  task_id: z.number(),
  labels: z.union([
    z.array(z.tuple([z.union([z.string(), z.number(), z.boolean()]), z.number()])),
    z.object({ none_label: z.number() }),
  ]),
  /** By "length_stride", then split. */
  encoded: z.record(z.string(), z.record(z.string(), z.array(z.object({ all: Windows })))),
});

/** Encodes the examples that rows hold, each alone, so that one that can't be cut says so for itself. */
type EncodeRows = (rows: readonly unknown[], tokenizer: Tokenizer, options: WindowOptions) => Promise<Windows[]>;

/** How each task's rows are encoded, by the task's name. */
const ENCODERS: readonly (readonly [name: string, taskToken: number, labels: unknown, encode: EncodeRows])[] = [
  ...PAIR_TASKS.map(
    (task) =>
      [
        task.name,
        task.taskToken,
        task.labels.map(({ label, token }) => [label, token]),
        (rows: readonly unknown[], tokenizer: Tokenizer, options: WindowOptions) => {
          const examples = rows.flatMap((row) => task.examples(task.row.parse(row)));
          return encodeEach(examples, (example) => encodePairs(task, [example], tokenizer, options));
        },
      ] as const,
  ),
  [
    RECORD.name,
    RECORD.taskToken,
    { none_label: NO_ANSWER_TOKEN },
    (rows, tokenizer, options) => {
      const examples = rows.flatMap((row) => recordExamples(RecordRow.parse(row)));
      return encodeEach(examples, (example) => encodeRecord([example], tokenizer, options));
    },
  ],
];

async function encodeEach<Example>(
  examples: readonly Example[],
  encode: (example: Example) => Promise<readonly TaskExample[]>,
): Promise<Windows[]> {
  const found: Windows[] = [];
  for (const example of examples) {
    try {
      for (const encoded of await encode(example)) found.push(windowsOf(encoded));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      found.push('error');
    }
  }
  return found;
}

const windowsOf = ({ idx, rows }: TaskExample): Windows => ({
  idxs: rows.map(() => idx),
  features: rows.map(({ x }) => [...x]),
  labels: rows.map(({ y }) => [...y]),
});

/** The eight tasks' tokens and every window of their recorded examples. */
export async function encodedTasks(fixtures: TextFixtures): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const [name, taskToken, labels, encode] of ENCODERS) {
    const recorded = fixtures.read(EncodedTask, 'encode', `${name}.json`);
    if (recorded === undefined) continue;
    const where = { case: 'encode', variant: name };
    const tokens = compareValues(
      where,
      'task and label tokens',
      [taskToken, labels],
      [recorded.task_id, recorded.labels],
    );
    comparisons.push(tokens);
    for (const [setting, splits] of Object.entries(recorded.encoded)) {
      const [maxLength = 0, stride = 0] = setting.split('_').map(Number);
      for (const [split, examples] of Object.entries(splits)) {
        const rows = fixtures.rows(name, split);
        if (rows === undefined) continue;
        const got = await encode(rows, await fixtures.tokenizer(), { maxLength, stride });
        const expected = examples.map(({ all }) => all);
        const quantity = `${split}, windows of ${maxLength} with stride ${stride}`;
        comparisons.push(compareValues(where, quantity, got, expected));
      }
    }
  }
  return comparisons;
}
