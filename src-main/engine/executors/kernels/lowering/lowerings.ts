import type { OpName } from '../../../graph/types.ts';
import {
  crossEntropyGradKernel,
  crossEntropyKernel,
  logSoftmaxKernel,
  softmaxKernel,
} from '../missing/classification.ts';
import { randomUniformKernel } from '../missing/random-uniform.ts';
import { reduceKernel } from '../missing/reduce.ts';
import { argMaxKernel } from '../missing/arg-max.ts';
import { ELEMENTWISE_LOWERINGS } from './elementwise.ts';
import type { LoweringTable } from './lowering.ts';
import { matmul } from './matmul.ts';
import { STRUCTURE_LOWERINGS } from './structure.ts';

/** Ops that the plan resolves without a kernel: values that are there already, and other names for a value. */
export const PLANNED_OPS = [
  'input',
  'variable',
  'constant',
  'reshape',
  'stopGradient',
  'after',
  'withGradient',
] as const;
export type PlannedOp = (typeof PLANNED_OPS)[number];

/** How every other op is computed. */
export const LOWERINGS: LoweringTable<Exclude<OpName, PlannedOp>> = {
  ...ELEMENTWISE_LOWERINGS,
  ...STRUCTURE_LOWERINGS,
  sum: reduceKernel('sum'),
  max: reduceKernel('max'),
  argMax: argMaxKernel,
  matmul,
  softmax: softmaxKernel,
  logSoftmax: logSoftmaxKernel,
  sparseCrossEntropy: crossEntropyKernel,
  sparseCrossEntropyGrad: crossEntropyGradKernel,
  randomUniform: randomUniformKernel,
};
