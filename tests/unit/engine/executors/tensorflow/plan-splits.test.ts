import { describe, expect, it } from 'vitest';
import { planSplits } from '../../../../../src-main/engine/executors/tensorflow/plan-splits.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import { slice } from '../../../../../src-main/engine/graph/ops.ts';

const pieces = (begins: readonly number[], rows: number, height = 2) => {
  const x = new Graph().input('x', [rows, 32]);
  const slices = begins.map((begin) => slice(x, [begin, 0], [height, 32]));
  const [plan, ...more] = planSplits(slices);
  return {
    plans: more.length + (plan === undefined ? 0 : 1),
    sizes: plan?.sizes,
    at: slices.map((s) => plan?.pieceOf.get(s)),
  };
};

describe('planSplits', () => {
  it('cuts what lies side by side', () => {
    expect(pieces([0, 2, 4], 6)).toEqual({ plans: 1, sizes: [2, 2, 2], at: [0, 1, 2] });
  });

  it('cuts it the same in whatever order the slices were made', () => {
    expect(pieces([4, 0, 2], 6)).toEqual({ plans: 1, sizes: [2, 2, 2], at: [2, 0, 1] });
    expect(pieces([40, 20], 60)).toEqual({ plans: 1, sizes: [20, 2, 18, 2, 18], at: [3, 1] });
  });

  it('leaves slices that overlap, and single ones', () => {
    expect(pieces([0, 1], 6).plans).toBe(0);
    expect(pieces([2], 6).plans).toBe(0);
  });
});
