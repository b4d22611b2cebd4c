import { dataFolder } from '../data-folders.ts';
import { encodePairs } from '../tasks/superglue/encode-pair.ts';
import { encodeRecord, recordExamples, type RecordExample } from '../tasks/superglue/record.ts';
import type { TextExample } from '../tasks/superglue/text-example.ts';
import type { TaskExample } from '../tasks/task.ts';
import type { Tokenizer } from '../tokenizer.ts';
import type { WindowOptions } from '../windows.ts';
import { findSplit, readRows, type FoundSplit, type SetSplit } from './read-superglue.ts';

export interface TaskRequest extends WindowOptions {
  /** The folder `data` of a home. */
  readonly dataDirectory: string;
  /** Name of an imported set. */
  readonly set: string;
  /** One of the eight tasks or a diagnostic, e.g. "AX-b". */
  readonly task: string;
  readonly split: SetSplit;
  readonly tokenizer: Tokenizer;
}

/** Examples that are encoded at a time. */
const BATCH = 1024;

/**
 * A split's examples as rows of ids, in the order of the file.
 * @throws AppError file/not-found, file/invalid, config/invalid (windows without room)
 */
export async function loadTaskExamples(request: TaskRequest): Promise<readonly TaskExample[]> {
  const folder = dataFolder(request.dataDirectory, 'superglue', request.set);
  const examples: TaskExample[] = [];
  for await (const batch of encodedBatches(findSplit(folder, request.task, request.split), request)) {
    examples.push(...batch);
  }
  return examples;
}

async function* encodedBatches(
  split: FoundSplit,
  { tokenizer, maxLength, stride }: TaskRequest,
): AsyncGenerator<TaskExample[]> {
  const { pair } = split.task;
  let pairs: TextExample[] = [];
  let queries: RecordExample[] = [];
  const encode = async (): Promise<TaskExample[]> => {
    const encoded =
      pair === undefined
        ? await encodeRecord(queries, tokenizer, { maxLength, stride })
        : await encodePairs(pair, pairs, tokenizer, { maxLength, stride });
    [pairs, queries] = [[], []];
    return encoded;
  };
  for await (const row of readRows(split)) {
    if (row.kind === 'pair') pairs.push(...row.examples);
    else queries.push(...recordExamples(row.row));
    if (pairs.length + queries.length >= BATCH) yield await encode();
  }
  if (pairs.length + queries.length > 0) yield await encode();
}
