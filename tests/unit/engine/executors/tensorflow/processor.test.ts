import { expect, it } from 'vitest';
import { NO_TUNING, tuningOf } from '../../../../../src-main/engine/executors/tensorflow/processor.ts';

it.each([
  ['Zen 3', 'fma avx avx2', { contractsGradients: true, widensBfloat16: true, batchesTransposed: false }],
  ['Zen 4', 'fma avx avx2 avx512f', { contractsGradients: false, widensBfloat16: false, batchesTransposed: true }],
  ['one before AVX2', 'sse4_2 avx', { contractsGradients: false, widensBfloat16: true, batchesTransposed: false }],
])('tunes oneDNN for %s', (_name, flags, tuning) => {
  expect(tuningOf(new Set(flags.split(' ')), true)).toEqual(tuning);
});

it('changes nothing where the instruction sets are not known', () => {
  expect(tuningOf(undefined, true)).toEqual(NO_TUNING);
});

it.each([undefined, 'fma avx avx2', 'fma avx avx2 avx512f avx512_bf16'])(
  'widens bfloat16 operands without oneDNN, whatever the processor: %s',
  (flags) => {
    const tuning = tuningOf(flags === undefined ? undefined : new Set(flags.split(' ')), false);
    expect(tuning).toEqual({ contractsGradients: false, widensBfloat16: true, batchesTransposed: false });
  },
);
