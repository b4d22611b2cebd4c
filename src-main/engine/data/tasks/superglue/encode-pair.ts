import { encodeDistinct } from '../../encode-distinct.ts';
import type { TaskExample } from '../task.ts';
import { encodeTaskRow } from '../task.ts';
import type { Tokenizer } from '../../tokenizer.ts';
import { cutWindows, type WindowOptions } from '../../windows.ts';
import type { PairTask, TaskLabel, TextExample } from './text-example.ts';

/**
 * Examples as rows of ids: `[task] a [SEP] b [SEP]`, every window of it, with the label's token at every position.
 * @throws AppError config/invalid where the windows leave no room for text
 */
export async function encodePairs(
  task: PairTask,
  examples: readonly TextExample[],
  tokenizer: Tokenizer,
  options: WindowOptions,
): Promise<TaskExample<TaskLabel>[]> {
  const encodings = await encodeDistinct(
    tokenizer,
    examples.flatMap(({ a, b }) => [a, b]),
  );
  return examples.map(({ idx, label, group }, i) => {
    const [a, b] = [encodings[2 * i], encodings[2 * i + 1]];
    if (a === undefined || b === undefined) throw new Error('every text has an encoding');
    const rows = cutWindows(a, b, options).map(({ ids }) => encodeTaskRow(task, ids, label));
    return { idx, rows, ...(label === undefined ? {} : { label }), ...(group === undefined ? {} : { group }) };
  });
}
