import { recordExamples } from '../tasks/superglue/record.ts';
import { findSplit, readRows, type RowExamples, type SetSplit } from './read-superglue.ts';

/** An example as a person reads it. */
export interface PreviewRow {
  readonly idx: number;
  readonly a: string;
  readonly b: string;
  /** The label, or the answers; null where the split has none. */
  readonly label: string | null;
}

export interface Preview {
  /** Examples of the split. */
  readonly total: number;
  readonly rows: readonly PreviewRow[];
}

/**
 * Examples `offset` to `offset + limit` of a split. At most 256 rows before them are read.
 * @throws AppError as `findSplit` and `readRows`
 */
export async function previewRows(
  folder: string,
  task: string,
  split: SetSplit,
  offset: number,
  limit: number,
): Promise<Preview> {
  const found = findSplit(folder, task, split);
  const [from, before] = found.info.index.findLast(([, examples]) => examples <= offset) ?? [0, 0];
  const rows: PreviewRow[] = [];
  let at = before;
  if (offset < found.info.examples && limit > 0) {
    reading: for await (const row of readRows(found, from)) {
      for (const example of previewsOf(row)) {
        if (at++ >= offset) rows.push(example);
        if (rows.length === limit) break reading;
      }
    }
  }
  return { total: found.info.examples, rows };
}

function previewsOf(row: RowExamples): PreviewRow[] {
  if (row.kind === 'pair')
    return row.examples.map(({ idx, a, b, label }) => ({
      idx,
      a,
      b,
      label: label === undefined ? null : String(label),
    }));
  return recordExamples(row.row).map(({ idx, query, passage, answers }) => ({
    idx,
    a: query,
    b: passage,
    label: answers === undefined ? null : [...new Set(answers.map(({ text }) => text))].join(' | '),
  }));
}
