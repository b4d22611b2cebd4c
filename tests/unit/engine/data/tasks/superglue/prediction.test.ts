import { expect, it } from 'vitest';
import { predictSpans } from '../../../../../../src-main/engine/eval/record-prediction.ts';

// the reference's predictions are compared in tests/parity/texts.test.ts

it('predictSpans answers nothing where no position is part of an answer', () => {
  const window = { idx: 4, x: [9, 60, 2], token: [2, 2, 2], logProbability: [-1, -1, -1] };
  expect([...predictSpans([window])]).toEqual([[4, { ids: [], logProbability: -Infinity }]]);
});
