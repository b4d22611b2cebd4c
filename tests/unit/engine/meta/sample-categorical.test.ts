import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import { sampleCategorical } from '../../../../src-main/engine/meta/sample-categorical.ts';
import { randomStream } from '../graph/random-graph.ts';

function sample(rows: number[][], uniform: number[]): number[] {
  const graph = new Graph();
  const V = rows[0]?.length ?? 0;
  const node = sampleCategorical(graph.input('p', [rows.length, V]), graph.input('u', [rows.length]));
  const [drawn] = interpret([node], { p: rows.flat(), u: uniform });
  return Array.from(drawn ?? []);
}

/** The first class whose running sum exceeds u. */
function byHand(row: number[], u: number): number {
  const total = row.reduce((a, b) => a + b, 0);
  let running = 0;
  for (const [index, p] of row.entries()) {
    running += p;
    if (running > u * total) return index;
  }
  return row.length - 1;
}

describe('sampleCategorical', () => {
  it.each([3, 7, 12, 37, 160, 407])('inverts the cumulative distribution of %i classes', (V) => {
    const draw = randomStream(V);
    const rows = Array.from({ length: 200 }, () => {
      const weights = Array.from({ length: V }, () => draw() ** 4);
      const total = weights.reduce((a, b) => a + b, 0);
      return weights.map((w) => w / total);
    });
    const uniform = rows.map(() => draw());
    expect(sample(rows, uniform)).toEqual(rows.map((row, i) => byHand(row, uniform[i] ?? 0)));
  });

  it('never draws a class of probability 0', () => {
    const row = [0, 0.5, 0, 0, 0.5, 0];
    const uniform = [0, 0.49, 0.5, 0.999999];
    expect(
      sample(
        uniform.map(() => row),
        uniform,
      ),
    ).toEqual([1, 1, 4, 4]);
  });
});
