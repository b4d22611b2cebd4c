import { expect, it } from 'vitest';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../../src-shared/config/run-config.ts';
import type { IdMatrix, MetaMicroBatch } from '../../../../src-main/engine/data/micro-batch.ts';
import { shapeSize } from '../../../../src-main/engine/graph/infer-shape.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import { neededNodes } from '../../../../src-main/engine/graph/topological-order.ts';
import { buildObjective } from '../../../../src-main/engine/objectives/build-objective.ts';
import { randomStream } from '../graph/random-graph.ts';

const [N, S, V, M] = [1, 5, 40, 3];

function config(): RunConfig {
  const base = preset('two-moons-hard');
  return {
    ...base,
    model: {
      ...base.model,
      layers: 1,
      modelDim: 4,
      feedForwardDim: 4,
      vocabularySize: V,
      maxPositions: S,
      dropout: 0,
      attentionDropout: 0,
    },
    meta: { ...base.meta, innerSteps: 2 },
    training: { ...base.training, batchSize: N, samplesPerTask: N, accumulation: M },
  };
}

function microBatch(index: number): MetaMicroBatch {
  const draw = randomStream(index);
  const ids = (): IdMatrix => ({
    ids: new Int32Array(N * S).map(() => 5 + Math.floor(draw() * (V - 5))),
    rows: N,
    length: S,
  });
  const xU = ids();
  const yM = { ...xU, ids: xU.ids.map((id, i) => (i === 2 ? id : 0)) };
  return { kind: 'meta', xU, xM: xU, yM, xS: ids(), yS: ids(), xQ: ids(), yQ: ids() };
}

/** Every output of a training call in float64, from random weights. */
function computeStep(chunkRows?: number): { outputs: number[][]; nodes: number } {
  const objective = buildObjective(config(), {
    labelTokens: [],
    shapes: { rows: N, unlabeledLength: S, labeledLength: S, evaluationRows: 1 },
    padding: { unlabeled: false, labeled: false },
    ...(chunkRows !== undefined && { chunkRows }),
  });
  const call = objective.trainingCall(
    Array.from({ length: M }, (_unused, i) => microBatch(i)),
    0,
  );
  const definition = objective.program.functions[call.functionName];
  if (!definition) throw new Error(`no function ${call.functionName}`);
  const draw = randomStream(9);
  const variables = Object.fromEntries(
    objective.program.variables.map(({ name, shape }) => [
      name,
      Array.from({ length: shapeSize(shape) }, () => (name.endsWith('parameters') ? draw() - 0.5 : draw() * 0.01)),
    ]),
  );
  const nodes = [...Object.values(definition.fetches), ...Object.values(definition.updates)];
  return {
    outputs: interpret(nodes, call.feeds, variables).map((values) => [...values]),
    nodes: neededNodes(nodes).length,
  };
}

it('measures the feedback of all micro-batches side by side as it does one after the other', () => {
  const together = computeStep();
  // A chunk that holds all rows changes nothing but that measuring is done in turn.
  const inTurn = computeStep(1000);
  expect(together.nodes).toBeLessThan(inTurn.nodes);
  expect(together.outputs).toHaveLength(inTurn.outputs.length);
  together.outputs.forEach((values, i) => {
    values.forEach((value, k) => {
      expect(Number.isFinite(value)).toBe(true);
      expect(value).toBeCloseTo(inTurn.outputs[i]?.[k] ?? NaN, 9);
    });
  });
});
