import { emptyIds } from '../data/batch-source.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import type { TaskRow } from '../data/tasks/task.ts';
import type { EvaluatedBatch } from '../objectives/objective.ts';
import type { EvaluationShape } from '../objectives/options.ts';

/** Scores one batch with the present weights, dropout off; its size is one of the evaluation sizes, with fewer rows or as many. */
export type ScoreRows = (x: IdMatrix, y: IdMatrix) => Promise<EvaluatedBatch>;

/**
 * Scores rows in calls of the smallest size that each row fits into (order within a size is kept), and hands each row's
 * numbers to `take`: its index, the batch and its row there.
 * @param shapes by ascending length; the last is at least as long as every row
 */
export async function scoreRows(
  rows: readonly TaskRow[],
  shapes: readonly EvaluationShape[],
  score: ScoreRows,
  take: (row: number, batch: EvaluatedBatch, rowOfBatch: number) => void,
): Promise<void> {
  const fitting = (row: TaskRow): EvaluationShape => {
    const shape = shapes.find(({ length }) => length >= row.x.length);
    if (shape === undefined) throw new Error(`no evaluation size takes a row of ${row.x.length} ids`);
    return shape;
  };
  const indexesOf = new Map(shapes.map((shape) => [shape, [] as number[]]));
  rows.forEach((row, index) => indexesOf.get(fitting(row))?.push(index));
  for (const [shape, indexes] of indexesOf) {
    for (let begin = 0; begin < indexes.length; begin += shape.rows) {
      const part = indexes.slice(begin, begin + shape.rows);
      const { x, y } = joinRows(part, rows, shape.length);
      const batch = await score(x, y);
      part.forEach((index, at) => {
        take(index, batch, at);
      });
    }
  }
}

function joinRows(indexes: readonly number[], rows: readonly TaskRow[], length: number): { x: IdMatrix; y: IdMatrix } {
  const x = emptyIds(indexes.length, length);
  const y = emptyIds(indexes.length, length);
  indexes.forEach((index, at) => {
    const row = rows[index];
    if (row === undefined) throw new Error(`there is no row ${index}`);
    x.ids.set(row.x, at * length);
    y.ids.set(row.y, at * length);
  });
  return { x, y };
}
