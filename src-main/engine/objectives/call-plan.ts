import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { AppError } from '../../../src-shared/app-error.ts';
import type { MetaMicroBatch, MicroBatch, PairMicroBatch } from '../data/micro-batch.ts';
import { partitionName, type LabeledPartition } from './labeled-groups.ts';
import type { ObjectiveOptions } from './options.ts';

/** How a run's micro-batches are cut into calls. */
export interface CallPlan {
  /** M, micro-batches of a call */
  readonly perCall: number;
  /** G, micro-batches of an optimizer step */
  readonly accumulation: number;
  /** True when a call holds only a part of G. */
  readonly accumulates: boolean;
}

export const TRAIN_STEP = 'step';
export const TRAIN_ACCUMULATE = 'accumulate';

/** The function that computes `kind` for micro-batches of these lengths. */
export const callName = (kind: string, partition: LabeledPartition): string => `${kind}@${partitionName(partition)}`;

/** @throws AppError config/invalid when M does not divide G */
export function callPlan(config: RunConfig, options: ObjectiveOptions): CallPlan {
  const accumulation = config.training.accumulation;
  const perCall = options.microBatchesPerCall ?? accumulation;
  if (perCall < 1 || accumulation % perCall !== 0) {
    throw new AppError(
      'config/invalid',
      `${perCall} micro-batches per call do not divide the accumulation of ${accumulation}; choose a divisor`,
    );
  }
  return { perCall, accumulation, accumulates: perCall < accumulation };
}

/** Whether the call that starts at micro-batch `firstIndex` ends an accumulation. */
export function endsAccumulation(plan: CallPlan, firstIndex: number): boolean {
  if (firstIndex % plan.perCall !== 0) throw new Error(`a call cannot start at micro-batch ${firstIndex}`);
  return (firstIndex + plan.perCall) % plan.accumulation === 0;
}

function checkCount(plan: CallPlan, microBatches: readonly MicroBatch[]): void {
  if (microBatches.length !== plan.perCall) {
    throw new Error(`a call takes ${plan.perCall} micro-batches, got ${microBatches.length}`);
  }
}

export function metaBatches(plan: CallPlan, microBatches: readonly MicroBatch[]): MetaMicroBatch[] {
  checkCount(plan, microBatches);
  return microBatches.map((micro) => {
    if (micro.kind !== 'meta') throw new Error('this objective takes meta micro-batches');
    return micro;
  });
}

/** Input and target of each micro-batch: the pair itself, or the MLM pair of a meta micro-batch. */
export function pairBatches(plan: CallPlan, microBatches: readonly MicroBatch[]): PairMicroBatch[] {
  checkCount(plan, microBatches);
  return microBatches.map((micro) => (micro.kind === 'pair' ? micro : { kind: 'pair', x: micro.xM, y: micro.yM }));
}
