import { z } from 'zod';
import { encodeDistinct } from '../../encode-distinct.ts';
import { PAD_ID, SEP_ID, taskTokenId } from '../../special-tokens.ts';
import type { Tokenizer } from '../../tokenizer.ts';
import { cutWindows, type Window, type WindowOptions } from '../../windows.ts';
import type { TaskExample, TaskRow } from '../task.ts';
import { markEntities } from './record-spans.ts';
import type { Span } from './wsc-span.ts';

const Range = { start: z.int().min(0), end: z.int().min(0) };

/** One line: a passage with its entities and its queries. */
export const RecordRow = z.object({
  idx: z.int().min(0),
  passage: z.object({ text: z.string(), entities: z.array(z.object(Range)) }),
  qas: z
    .array(
      z.object({
        idx: z.int().min(0),
        query: z.string(),
        answers: z.array(z.object({ ...Range, text: z.string() })).optional(),
      }),
    )
    .min(1),
});
export type RecordRow = z.infer<typeof RecordRow>;

/** The token of positions that are no part of an answer. */
export const NO_ANSWER_TOKEN = SEP_ID;
export const RECORD = { name: 'ReCoRD', folder: 'ReCoRD', taskToken: taskTokenId(6) } as const;

/** One query over its passage. */
export interface RecordExample {
  /** The query's number in its split. */
  readonly idx: number;
  readonly query: string;
  /** The passage, entities wrapped in `*`. */
  readonly passage: string;
  /** Every answer's text and place in `passage` ([start, end), code points); absent where the split has no labels. */
  readonly answers?: readonly { readonly text: string; readonly span: Span }[];
}

export function recordExamples({ passage, qas }: RecordRow): RecordExample[] {
  const marked = markEntities(passage.text, passage.entities);
  return qas.map(({ idx, query, answers }) => ({
    idx,
    query,
    passage: marked.text,
    // a split without labels may have empty lists
    ...(answers !== undefined &&
      answers.length > 0 && {
        answers: answers.map(({ text, start, end }) => ({ text, span: marked.spanOf({ start, end }) })),
      }),
  }));
}

/** Queries as rows of ids; the target repeats the input inside an answer and is "none" elsewhere. */
export async function encodeRecord(
  examples: readonly RecordExample[],
  tokenizer: Tokenizer,
  options: WindowOptions,
): Promise<TaskExample[]> {
  const encodings = await encodeDistinct(
    tokenizer,
    examples.flatMap(({ query, passage }) => [query, passage]),
  );
  return examples.map(({ idx, answers }, i) => {
    const [a, b] = [encodings[2 * i], encodings[2 * i + 1]];
    if (a === undefined || b === undefined) throw new Error('every text has an encoding');
    const spans = answers?.map(({ span }) => span);
    const rows = cutWindows(a, b, options).map((window) => encodeRow(window, spans));
    return { idx, rows, ...(answers && { answers: [...new Set(answers.map(({ text }) => text))] }) };
  });
}

function encodeRow({ ids, typeIds, offsets }: Window, spans: readonly Span[] | undefined): TaskRow {
  const x = Int32Array.from(ids);
  x[0] = RECORD.taskToken;
  if (spans === undefined) return { x, y: new Int32Array(x.length) };
  const y = x.map((id, at) => {
    if (id === PAD_ID) return PAD_ID;
    const [start = 0, end = 0] = [offsets[2 * at], offsets[2 * at + 1]];
    const isText = typeIds[at] === 1 && end > start;
    return isText && spans.some(([from, to]) => start >= from && end <= to) ? id : NO_ANSWER_TOKEN;
  });
  return { x, y };
}
