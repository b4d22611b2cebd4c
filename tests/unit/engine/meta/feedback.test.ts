import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import { feedback } from '../../../../src-main/engine/meta/feedback.ts';

function measure(displacement: number[], gradient: number[]): { unscaled: number; h: number; used: number } {
  const graph = new Graph();
  const size = displacement.length;
  const { unscaled, h, used } = feedback(graph.input('d', [size]), graph.input('g', [size]));
  const [a, b, c] = interpret([unscaled, h, used], { d: displacement, g: gradient });
  return { unscaled: a?.[0] ?? 0, h: b?.[0] ?? 0, used: c?.[0] ?? 0 };
}

describe('feedback', () => {
  it('is the cosine of displacement and query gradient', () => {
    const { unscaled, h, used } = measure([3, 4], [4, 3]);
    expect(unscaled).toBe(24);
    expect(h).toBeCloseTo(24 / 25, 12);
    expect(used).toBe(h);
    expect(measure([1, 0], [-2, 0]).used).toBe(-1);
  });

  it('is not used where it is not a number', () => {
    const { h, used } = measure([0, 0], [1, 2]);
    expect(h).toBeNaN();
    expect(used).toBe(0);
  });
});
