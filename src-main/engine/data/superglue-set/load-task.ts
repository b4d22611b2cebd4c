import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { tokenizerDigest } from '../corpus/import-corpus.ts';
import { dataFolder, dataFolders } from '../data-folders.ts';
import { encodePairs } from '../tasks/superglue/encode-pair.ts';
import {
  encodeRecord,
  NO_ANSWER_TOKEN,
  RECORD,
  recordExamples,
  type RecordExample,
} from '../tasks/superglue/record.ts';
import type { TextExample } from '../tasks/superglue/text-example.ts';
import type { TaskExample } from '../tasks/task.ts';
import type { Tokenizer } from '../tokenizer.ts';
import type { WindowOptions } from '../windows.ts';
import { cacheFileName } from './cache-files.ts';
import { ExamplePacker, unpackExamples } from './packed-examples.ts';
import { findSplit, readRows, type FoundSplit, type SetSplit } from './read-superglue.ts';
import { readCached, writeCached } from './task-cache.ts';

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
/** Part of every cached file's key: to be raised whenever the same text is encoded otherwise than before. */
const ENCODING_VERSION = 1;

/**
 * A split's examples as rows of ids, in the order of the file. They are encoded once and kept in the cache; rows are
 * made from flat arrays whenever they are read, so that ReCoRD's 100 000 queries take some 2 bytes an id.
 * @throws AppError file/not-found, file/invalid, config/invalid (windows without room)
 */
export async function loadTaskExamples(request: TaskRequest): Promise<readonly TaskExample[]> {
  const { dataDirectory, set, task, split, tokenizer } = request;
  const found = findSplit(dataFolder(dataDirectory, 'superglue', set), task, split);
  const classification = found.task.pair ?? { ...RECORD, labels: [] };
  const key = keyOf(found, request);
  const file = join(dataFolders(dataDirectory).cache, cacheFileName(task, split, key));
  const cached = await readCached(file, key);
  if (cached !== undefined) return unpackExamples(classification, cached);
  const packer = new ExamplePacker(classification, tokenizer.size);
  for await (const batch of encodedBatches(found, request)) packer.add(batch, NO_ANSWER_TOKEN);
  const packed = packer.finish();
  await writeCached(file, key, packed);
  return unpackExamples(classification, packed);
}

/** What encoded examples are a function of. */
function keyOf({ task, info }: FoundSplit, { tokenizer, maxLength, stride }: TaskRequest): string {
  let digest = digests.get(tokenizer);
  if (digest === undefined) digests.set(tokenizer, (digest = tokenizerDigest(tokenizer)));
  const parts = [ENCODING_VERSION, task.name, info.sha256, digest, maxLength, stride];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Of tokenizers in use: a run opens two dozen splits with one. */
const digests = new WeakMap<Tokenizer, string>();

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
