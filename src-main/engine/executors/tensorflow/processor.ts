import { arch } from 'node:os';
import { takesOneDnn } from './native-environment.ts';
import { thisProcessor, type Processor } from './this-processor.ts';

/** What the processor and the kernels in use are better at: choices between ways to write the same value. */
export interface Tuning {
  /**
   * Some products with a side of a small model's width are TensorFlow's own contraction, which packs its operands: oneDNN below
   * AVX-512 does not where a side has fewer than 264 elements, and reads lines a page apart or from memory as they are.
   */
  readonly contractsNarrow: boolean;
  /**
   * Products with bfloat16 operands multiply the rounded operands as float32: the library has no fast product of them below
   * AVX-512 or without oneDNN, and the slow one rounds on the way; Intel's cores without AMX multiply bfloat16 at two thirds
   * of float32's speed.
   */
  readonly widensBfloat16: boolean;
  /**
   * Large products with one transposed operand are batches of one: those are oneDNN's matmul primitive, which packs such
   * operands faster than its older product behind `MatMul` from AVX-512 on.
   */
  readonly batchesTransposed: boolean;
  /**
   * Cross-entropy is made of TensorFlow's softmax, which takes several elements at a time; its own kernel takes one, on any
   * processor.
   */
  readonly entropyBySoftmax: boolean;
}

export const NO_TUNING: Tuning = {
  contractsNarrow: false,
  widensBfloat16: false,
  batchesTransposed: false,
  entropyBySoftmax: false,
};

const ON_PROCESSORS: Tuning = { ...NO_TUNING, entropyBySoftmax: true };

/** A function of the processor and of settings alone, so that a resumed run computes as it did before. */
export function tuningOf(processor: Processor | undefined, hasOneDnn: boolean): Tuning {
  if (processor === undefined) return { ...ON_PROCESSORS, widensBfloat16: !hasOneDnn };
  const { flags, isIntel } = processor;
  const hasAvx512 = flags.has('avx512f');
  return {
    ...ON_PROCESSORS,
    contractsNarrow: hasOneDnn && !hasAvx512 && flags.has('avx2'),
    widensBfloat16: !hasOneDnn || !hasAvx512 || (isIntel && !flags.has('amx_bf16')),
    batchesTransposed: hasOneDnn && hasAvx512,
  };
}

/** After the process's environment is decided (`applyNativeEnvironment`). */
export const processorTuning = (): Tuning =>
  arch() === 'x64' ? tuningOf(thisProcessor(), takesOneDnn()) : ON_PROCESSORS;
