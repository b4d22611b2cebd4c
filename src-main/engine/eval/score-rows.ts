import { emptyIds } from '../data/batch-source.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import type { TaskRow } from '../data/tasks/task.ts';
import type { EvaluatedBatch } from '../objectives/objective.ts';
import type { EvaluationShape } from '../objectives/options.ts';

/** Scores one batch with the present weights, dropout off; its size is one of the evaluation sizes, with fewer rows or as many. */
export type ScoreRows = (x: IdMatrix, y: IdMatrix) => Promise<EvaluatedBatch>;

/**
 * Scores rows in calls of the smallest size that each row fits into (order within a size is kept), and hands each row's
 * numbers to `take`: the row, its index, the batch and its row there. Of a size's rows only those of one call are kept.
 * @param shapes by ascending length; the last is at least as long as every row
 */
export async function scoreRows<Row extends TaskRow>(
  rows: Iterable<Row>,
  shapes: readonly EvaluationShape[],
  score: ScoreRows,
  take: (row: Row, index: number, batch: EvaluatedBatch, rowOfBatch: number) => void,
): Promise<void> {
  const waiting = new Map(shapes.map((shape) => [shape, [] as { row: Row; index: number }[]]));
  const scoreWaiting = async (shape: EvaluationShape): Promise<void> => {
    const part = waiting.get(shape) ?? [];
    if (part.length === 0) return;
    waiting.set(shape, []);
    const { x, y } = joinRows(
      part.map(({ row }) => row),
      shape.length,
    );
    const batch = await score(x, y);
    part.forEach(({ row, index }, at) => {
      take(row, index, batch, at);
    });
  };
  let index = 0;
  for (const row of rows) {
    const shape = shapes.find(({ length }) => length >= row.x.length);
    if (shape === undefined) throw new Error(`no evaluation size takes a row of ${row.x.length} ids`);
    const part = waiting.get(shape);
    part?.push({ row, index: index++ });
    if (part?.length === shape.rows) await scoreWaiting(shape);
  }
  for (const shape of shapes) await scoreWaiting(shape);
}

function joinRows(rows: readonly TaskRow[], length: number): { x: IdMatrix; y: IdMatrix } {
  const x = emptyIds(rows.length, length);
  const y = emptyIds(rows.length, length);
  rows.forEach((row, at) => {
    x.ids.set(row.x, at * length);
    y.ids.set(row.y, at * length);
  });
  return { x, y };
}
