import { expect, it } from 'vitest';
import { NO_TUNING, tuningOf } from '../../../../../src-main/engine/executors/tensorflow/processor.ts';
import type { Processor } from '../../../../../src-main/engine/executors/tensorflow/this-processor.ts';

const processor = (flags: string, isIntel = false): Processor => ({ flags: new Set(flags.split(' ')), isIntel });

const ZEN_3 = processor('fma avx avx2');
const ZEN_4 = processor('fma avx avx2 avx512f avx512_bf16');
const INTEL = processor('fma avx avx2 avx512f avx512_bf16', true);
const INTEL_AMX = processor('fma avx avx2 avx512f avx512_bf16 amx_bf16', true);
const OLD = processor('sse4_2 avx');

it.each([
  ['Zen 3', ZEN_3, { contractsNarrow: true, widensBfloat16: true, batchesTransposed: false }],
  ['Zen 4', ZEN_4, { contractsNarrow: false, widensBfloat16: false, batchesTransposed: true }],
  ['Intel without AMX', INTEL, { contractsNarrow: false, widensBfloat16: true, batchesTransposed: true }],
  ['Intel with AMX', INTEL_AMX, { contractsNarrow: false, widensBfloat16: false, batchesTransposed: true }],
  ['one before AVX2', OLD, { contractsNarrow: false, widensBfloat16: true, batchesTransposed: false }],
])('tunes oneDNN for %s', (_name, found, tuning) => {
  expect(tuningOf(found, true)).toEqual({ ...tuning, entropyBySoftmax: true });
});

it('only avoids the kernel that is slow on all of them where the processor is not known', () => {
  expect(tuningOf(undefined, true)).toEqual({ ...NO_TUNING, entropyBySoftmax: true });
});

it.each([undefined, ZEN_3, ZEN_4])('only widens bfloat16 operands without oneDNN, whatever the processor', (found) => {
  expect(tuningOf(found, false)).toEqual({ ...NO_TUNING, entropyBySoftmax: true, widensBfloat16: true });
});
