/** Host-side weights of a loss: which positions count, and by how much. */
import { AppError } from '../../../src-shared/app-error.ts';
import type { IdMatrix } from '../data/micro-batch.ts';

export const PAD = 0;

/**
 * Weights of the mean cross-entropy over the positions whose `mask` id is not PAD, times `scale`, written to `out` from
 * `offset` on. Without any such position all weights are 0.
 */
export function writeMeanWeights(mask: IdMatrix, scale: number, out: Float32Array, offset: number): void {
  let count = 0;
  for (const id of mask.ids) if (id !== PAD) count++;
  const weight = count === 0 ? 0 : scale / count;
  for (let i = 0; i < mask.ids.length; i++) out[offset + i] = mask.ids[i] === PAD ? 0 : weight;
}

/** A matrix with its rows padded to `length` positions. */
export function padTo(matrix: IdMatrix, length: number): IdMatrix {
  if (matrix.length === length) return matrix;
  return { ids: joinIds([matrix], matrix.rows, length, 'ids to pad'), rows: matrix.rows, length };
}

/** Ids that are not PAD in each row, int32 [rows]. */
export function countTargets({ ids, rows, length }: IdMatrix): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) =>
    ids.subarray(row * length, (row + 1) * length).reduce((count, id) => count + (id === PAD ? 0 : 1), 0),
  );
}

/** Most masked positions MLM draws in one sequence of S positions. */
export const mlmTargetsPerSequence = (maskProbability: number, length: number): number =>
  Math.floor(maskProbability * length) + 1;

/** Most masked positions MLM draws in N rows of S positions. */
export const mlmTargetCapacity = (maskProbability: number, rows: number, length: number): number =>
  rows * mlmTargetsPerSequence(maskProbability, length);

/** Masked positions of several micro-batches, padded to a fixed capacity with entries of weight 0. */
export interface TargetFeeds {
  /** Row in the call's [B*S] rows. */
  readonly positions: Int32Array;
  readonly labels: Int32Array;
  readonly weights: Float32Array;
}

/**
 * The positions with a target (y not PAD) of the micro-batches `ys`, each micro-batch's weights summing to `scale`.
 * @throws AppError input/invalid when a micro-batch has more than `capacity` targets
 */
export function gatherTargets(ys: readonly IdMatrix[], capacity: number, scale: number): TargetFeeds {
  const positions = new Int32Array(ys.length * capacity);
  const labels = new Int32Array(ys.length * capacity);
  const weights = new Float32Array(ys.length * capacity);
  let firstRow = 0;
  ys.forEach((y, micro) => {
    const begin = micro * capacity;
    let count = 0;
    for (let i = 0; i < y.ids.length; i++) {
      const label = y.ids[i] ?? PAD;
      if (label === PAD) continue;
      if (count < capacity) {
        positions[begin + count] = firstRow + i;
        labels[begin + count] = label;
      }
      count++;
    }
    if (count > capacity) {
      throw new AppError(
        'input/invalid',
        `a micro-batch has ${count} masked positions, its call was built for at most ${capacity}`,
        { count, capacity },
      );
    }
    weights.fill(count === 0 ? 0 : scale / count, begin, begin + count);
    firstRow += y.ids.length;
  });
  return { positions, labels, weights };
}

/**
 * The same, arranged by sequence: `perSequence` entries for each row of each micro-batch, those without a target at the row's
 * first position with weight 0.
 * @throws AppError input/invalid when a row has more than `perSequence` targets
 */
export function targetsBySequence(ys: readonly IdMatrix[], perSequence: number, scale: number): TargetFeeds {
  const size = ys.reduce((total, { rows }) => total + rows * perSequence, 0);
  const positions = new Int32Array(size);
  const labels = new Int32Array(size);
  const weights = new Float32Array(size);
  let begin = 0;
  let firstRow = 0;
  for (const { ids, rows, length } of ys) {
    const total = ids.reduce((count, id) => count + (id === PAD ? 0 : 1), 0);
    for (let row = 0; row < rows; row++, begin += perSequence, firstRow += length) {
      positions.fill(firstRow, begin, begin + perSequence);
      let count = 0;
      for (let i = 0; i < length; i++) {
        const label = ids[row * length + i] ?? PAD;
        if (label === PAD) continue;
        if (count === perSequence) {
          throw new AppError(
            'input/invalid',
            `a text of a micro-batch has more masked positions than the ${perSequence} that its call was built for`,
            { perSequence },
          );
        }
        positions[begin + count] = firstRow + i;
        labels[begin + count] = label;
        weights[begin + count] = scale / total;
        count++;
      }
    }
  }
  return { positions, labels, weights };
}

/**
 * The ids of several matrices of `rows` rows, one after the other, rows padded to `length` positions.
 * @throws AppError input/invalid when one has other rows or is longer
 */
export function joinIds(parts: readonly IdMatrix[], rows: number, length: number, what: string): Int32Array {
  const size = rows * length;
  const joined = new Int32Array(parts.length * size);
  parts.forEach((part, i) => {
    if (part.rows !== rows || part.length > length || part.ids.length !== rows * part.length) {
      throw new AppError(
        'input/invalid',
        `${what}: got ids [${part.rows}, ${part.length}], expected [${rows}, at most ${length}]`,
        { expected: [rows, length], got: [part.rows, part.length] },
      );
    }
    if (part.length === length) joined.set(part.ids, i * size);
    else
      for (let row = 0; row < rows; row++) {
        joined.set(part.ids.subarray(row * part.length, (row + 1) * part.length), i * size + row * length);
      }
  });
  return joined;
}
