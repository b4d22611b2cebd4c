import { expect, it } from 'vitest';
import { targetsBySequence } from '../../../../src-main/engine/objectives/row-weights.ts';

const matrix = (rows: number, ids: number[]) => ({ ids: Int32Array.from(ids), rows, length: ids.length / rows });

it("arranges a call's targets by sequence, each micro-batch's weights summing to the scale", () => {
  const ys = [matrix(2, [0, 5, 0, 6, 0, 7, 0, 0]), matrix(2, [0, 0, 0, 8, 0, 0, 0, 0])];
  const { positions, labels, weights } = targetsBySequence(ys, 2, 0.5);
  expect([...positions]).toEqual([1, 3, 5, 4, 11, 8, 12, 12]);
  expect([...labels]).toEqual([5, 6, 7, 0, 8, 0, 0, 0]);
  const third = Math.fround(0.5 / 3);
  expect([...weights]).toEqual([third, third, third, 0, 0.5, 0, 0, 0]);
});

it('refuses a text with more targets than its call has room for', () => {
  expect(() => targetsBySequence([matrix(1, [0, 5, 6, 7])], 2, 1)).toThrow(/more masked positions than the 2/);
});
