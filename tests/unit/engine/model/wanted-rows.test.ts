import { describe, expect, it } from 'vitest';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import type { ModelConfig } from '../../../../src-shared/config/run-config.ts';
import { gradients } from '../../../../src-main/engine/graph/differentiate.ts';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import { gather, mul, sum } from '../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../src-main/engine/graph/types.ts';
import { studentLayout } from '../../../../src-main/engine/model/parameter-layout.ts';
import { flatGradient, parametersOf } from '../../../../src-main/engine/model/parameters.ts';
import { encodeTokens } from '../../../../src-main/engine/model/transformer.ts';

const BATCH = 3;
const LENGTH = 6;
const IDS = Int32Array.from([4, 9, 2, 7, 0, 0, 4, 3, 8, 8, 5, 6, 4, 1, 2, 3, 0, 0]);
/** Two rows of each sequence, one of them twice. */
const POSITIONS = Int32Array.from([0, 3, 8, 11, 12, 12]);

const small: ModelConfig = {
  ...preset('two-moons-mlm').model,
  layers: 2,
  modelDim: 8,
  feedForwardDim: 12,
  heads: 2,
  maxPositions: LENGTH,
  vocabularySize: 10,
};

/** What comes out at `POSITIONS` and the derivative of a sum of it, computed for all rows or for those alone. */
function encoded(model: ModelConfig, isWantedAlone: boolean): Float64Array[] {
  const graph = new Graph();
  const layout = studentLayout(model);
  const flat = graph.variable('student', [layout.size]);
  const parameters = parametersOf(flat, layout);
  const positions = graph.input('positions', [POSITIONS.length], 'int32');
  const context = { model, parameters, precision: 'float32', dropout: undefined } as const;
  const input = { ids: graph.input('x', [BATCH, LENGTH], 'int32'), mayPad: true };
  const geometry = { batch: BATCH, length: LENGTH };
  const rows: GraphNode = isWantedAlone
    ? encodeTokens(context, input, geometry, { positions, perSequence: POSITIONS.length / BATCH })
    : gather(encodeTokens(context, input, geometry), positions);
  const weights = graph.input('weights', rows.shape);
  const gradient = flatGradient(gradients(sum(mul(rows, weights)), parameters.parts));
  const values = (count: number, step: number): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => 0.5 * Math.sin(1 + step * i));
  return interpret(
    [rows, gradient],
    { x: IDS, positions: POSITIONS, weights: values(POSITIONS.length * model.modelDim, 3.1) },
    { student: values(layout.size, 1.7) },
  );
}

describe('rows that are wanted alone', () => {
  it.each([
    ['pre-norm, GELU', { preNorm: true, activation: 'gelu' }],
    ['post-norm, ReLU', { preNorm: false, activation: 'relu' }],
    ['one layer', { layers: 1 }],
  ] as const)('have the values and derivatives they have among all: %s', (_name, changes) => {
    const [all, alone] = [false, true].map((isAlone) => encoded({ ...small, ...changes }, isAlone));
    expect(alone?.length).toBe(2);
    for (const [i, values] of (alone ?? []).entries()) {
      const due = all?.[i] ?? new Float64Array();
      expect(values.length).toBe(due.length);
      expect(due.some((value) => Math.abs(value) > 0.01)).toBe(true);
      values.forEach((value, k) => {
        expect(Math.abs(value - (due[k] ?? Number.NaN))).toBeLessThan(1e-9);
      });
    }
  });
});
