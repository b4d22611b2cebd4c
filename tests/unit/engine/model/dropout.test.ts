import { describe, expect, it } from 'vitest';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import { gradients } from '../../../../src-main/engine/graph/differentiate.ts';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import type { GraphNode } from '../../../../src-main/engine/graph/types.ts';
import { sum } from '../../../../src-main/engine/graph/ops.ts';
import { dropoutMasks, type DropoutKind } from '../../../../src-main/engine/model/dropout.ts';

const RATE = 0.1;
const model = {
  ...preset('two-moons-mlm').model,
  layers: 2,
  modelDim: 32,
  feedForwardDim: 64,
  heads: 2,
  dropout: RATE,
  attentionDropout: RATE,
  activationDropout: RATE,
};
const BATCH = 8;
const LENGTH = 16;
const SIZES: Readonly<Record<DropoutKind, readonly number[]>> = {
  hidden: [BATCH * LENGTH, 32],
  attention: [BATCH, 2, LENGTH, LENGTH],
  activation: [BATCH * LENGTH, 64],
};
/** The places of a pass, in its order. */
const PLACES: readonly DropoutKind[] = [
  'hidden',
  ...Array.from({ length: 2 }, () => ['attention', 'hidden', 'activation', 'hidden'] as const).flat(),
];

/** What dropout makes of ones at every place of a pass. */
function passOverOnes(seed: number): Float64Array[] {
  const graph = new Graph();
  const key = graph.input('key', [2], 'int32');
  const masks = dropoutMasks(model, key, 1, BATCH, LENGTH);
  const outputs = PLACES.map((kind) => {
    const ones = graph.constant(1, SIZES[kind]);
    return masks?.apply(ones, kind) ?? ones;
  });
  return interpret(outputs, { key: [seed, 3] });
}

describe('dropoutMasks', () => {
  const passes = Array.from({ length: 6 }, (_, seed) => passOverOnes(seed));

  it('drops a share `rate` at every place and scales what is kept', () => {
    for (const place of PLACES.keys()) {
      const values = passes.flatMap((pass) => [...(pass[place] ?? [])]);
      expect(values.find((value) => value !== 0 && Math.abs(value - 1 / (1 - RATE)) > 1e-12)).toBeUndefined();
      const dropped = values.filter((value) => value === 0).length / values.length;
      // five standard errors
      expect(Math.abs(dropped - RATE)).toBeLessThan(5 * Math.sqrt((RATE * (1 - RATE)) / values.length));
    }
  });

  it('decides at one place independently of every other', () => {
    for (const [a, b] of PLACES.flatMap((_, i) => PLACES.slice(i + 1).map((_place, j) => [i, i + 1 + j] as const))) {
      let both = 0;
      let count = 0;
      for (const pass of passes) {
        const [first, second] = [pass[a] ?? new Float64Array(), pass[b] ?? new Float64Array()];
        const length = Math.min(first.length, second.length);
        for (let i = 0; i < length; i++) if (first[i] === 0 && second[i] === 0) both++;
        count += length;
      }
      const expected = RATE * RATE;
      expect(Math.abs(both / count - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / count));
    }
  });

  /** Dropout of `batch` sequences of ones, and its gradient. */
  function overOnes(batch: number): { dropped: GraphNode; value: Float64Array; slope: Float64Array } {
    const graph = new Graph();
    const key = graph.input('key', [2], 'int32');
    const x = graph.input('x', [batch * LENGTH, 32]);
    const dropped = dropoutMasks(model, key, 1, batch, LENGTH)?.apply(x, 'hidden') ?? x;
    const [gradient = x] = gradients(sum(dropped), [x]);
    const feeds = { key: [5, 6], x: Array.from({ length: batch * LENGTH * 32 }, () => 1) };
    const [value = new Float64Array(), slope = new Float64Array()] = interpret([dropped, gradient], feeds);
    return { dropped, value, slope };
  }
  // Just below and above a million draws of a pass.
  const [factors, masks] = [overOnes(186), overOnes(187)];

  it.each([factors, masks])('lets the gradient through where it kept', ({ value, slope }) => {
    expect(slope).toEqual(value);
  });

  it('keeps the masks of large passes as bool, with the same decisions', () => {
    expect([factors, masks].map(({ dropped }) => dropped.op)).toEqual(['mul', 'select']);
    expect(masks.value.subarray(0, factors.value.length)).toEqual(factors.value);
  });

  it('draws for the positions that the last layer computes, no more', () => {
    const last = 3;
    const layer = (rows: number): [DropoutKind, number[]][] => [
      ['attention', [BATCH, 2, rows, LENGTH]],
      ['hidden', [BATCH * rows, 32]],
      ['activation', [BATCH * rows, 64]],
      ['hidden', [BATCH * rows, 32]],
    ];
    const graph = new Graph();
    const masks = dropoutMasks(model, graph.input('key', [2], 'int32'), 1, BATCH, LENGTH, last);
    const places: [DropoutKind, number[]][] = [['hidden', [BATCH * LENGTH, 32]], ...layer(LENGTH), ...layer(last)];
    for (const [kind, shape] of places) {
      expect(masks?.apply(graph.constant(1, shape), kind).shape).toEqual(shape);
    }
    expect(() => masks?.apply(graph.constant(1, [1]), 'hidden')).toThrow();
  });

  it('is nothing without a rate above 0', () => {
    const graph = new Graph();
    const none = { ...model, dropout: 0, attentionDropout: 0, activationDropout: 0 };
    expect(dropoutMasks(none, graph.input('key', [2], 'int32'), 1, 2, 4)).toBeUndefined();
  });
});
