import { AppError } from '../../../src-shared/app-error.ts';
import type { MetaMicroBatch } from '../data/micro-batch.ts';

/** Micro-batches of a call whose support and query examples are computed at one length. */
export interface LabeledGroup {
  /** Positions */
  readonly length: number;
  /** Micro-batches */
  readonly count: number;
  /** Whether shorter micro-batches may be among them, padded. */
  readonly mixed: boolean;
}

/** A call's micro-batches as groups of ascending length; the counts sum to the micro-batches of a call. */
export type LabeledPartition = readonly LabeledGroup[];

/** The part of a function's name that says which partition it was built for. */
export const partitionName = (partition: LabeledPartition): string =>
  partition.map(({ length, count }) => `${length}x${count}`).join('+');

/** Every way to split `count` micro-batches over `lengths`. */
export function allPartitions(lengths: readonly number[], count: number): LabeledPartition[] {
  const [length, ...longer] = lengths;
  if (length === undefined) return count === 0 ? [[]] : [];
  return Array.from({ length: count + 1 }, (_unused, here) => here).flatMap((here) =>
    allPartitions(longer, count - here).map((rest) =>
      here === 0 ? rest : [{ length, count: here, mixed: false }, ...rest],
    ),
  );
}

/** One group for all micro-batches of a call, at the length of the longest: one per length. */
export function uniformPartitions(lengths: readonly number[], count: number): LabeledPartition[] {
  return lengths.map((length, i) => [{ length, count, mixed: i > 0 }]);
}

const lengthOf = (micro: MetaMicroBatch): number => Math.max(micro.xS.length, micro.xQ.length);

/**
 * The smallest of `lengths` that holds a micro-batch's examples.
 * @throws AppError input/invalid when none does
 */
export function bucketOf(micro: MetaMicroBatch, lengths: readonly number[]): number {
  const length = lengthOf(micro);
  const bucket = lengths.find((candidate) => candidate >= length);
  if (bucket === undefined) {
    throw new AppError(
      'input/invalid',
      `support or query examples have ${length} positions; the step was built for at most ${lengths.at(-1) ?? 0}`,
      { length, lengths },
    );
  }
  return bucket;
}

/** Micro-batches in ascending order of their bucket (otherwise in the order given), and the partition they make. */
export function partitionByLength(
  microBatches: readonly MetaMicroBatch[],
  lengths: readonly number[],
): { ordered: MetaMicroBatch[]; partition: LabeledPartition } {
  const groups = lengths.map((length) => microBatches.filter((micro) => bucketOf(micro, lengths) === length));
  return {
    ordered: groups.flat(),
    partition: lengths.flatMap((length, i) => {
      const count = groups[i]?.length ?? 0;
      return count === 0 ? [] : [{ length, count, mixed: false }];
    }),
  };
}
