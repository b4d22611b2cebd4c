import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../../src-shared/config/run-config.ts';
import type { IdMatrix, MicroBatch } from '../../../../src-main/engine/data/micro-batch.ts';
import type { Executor, Session, TensorData } from '../../../../src-main/engine/executors/executor.ts';
import { createKernelExecutor } from '../../../../src-main/engine/executors/kernels/create-kernel-executor.ts';
import {
  studentLayout,
  teacherLayout,
  type ParameterLayout,
} from '../../../../src-main/engine/model/parameter-layout.ts';
import { buildObjective } from '../../../../src-main/engine/objectives/build-objective.ts';
import type { Objective } from '../../../../src-main/engine/objectives/objective.ts';
import type { ObjectiveOptions } from '../../../../src-main/engine/objectives/options.ts';
import { randomStream } from '../graph/random-graph.ts';

const S = 12;
const LABELED = 5;
const N = 2;
const V = 48;

function tiny(name: string): RunConfig {
  const config = preset(name);
  return {
    ...config,
    model: { ...config.model, modelDim: 8, feedForwardDim: 12, vocabularySize: V, maxPositions: S },
    training: { ...config.training, batchSize: N, samplesPerTask: N, accumulation: 2 },
  };
}

const build = (config: RunConfig, microBatchesPerCall?: number): Objective =>
  buildObjective(config, {
    labelTokens: [2, 5],
    shapes: { rows: N, unlabeledLength: S, labeledLength: LABELED, evaluationRows: 3 },
    ...(microBatchesPerCall !== undefined && { microBatchesPerCall }),
  });

/** Ids with a task token in front and padding behind some rows. */
function ids(draw: () => number, length: number): IdMatrix {
  const matrix = new Int32Array(N * length).map(() => 33 + Math.floor(draw() * (V - 33)));
  for (let row = 0; row < N; row++) matrix[row * length] = 5;
  matrix[N * length - 1] = 0;
  return { ids: matrix, rows: N, length };
}

/** The third micro-batch's labeled task is MLM: its examples are as long as texts. */
function microBatch(config: RunConfig, index: number): MicroBatch {
  const draw = randomStream(100 + index);
  if (config.objective === 'finetune') {
    return { kind: 'pair', x: ids(draw, LABELED), y: ids(draw, LABELED) };
  }
  const labeled = config.meta.mlmAsTask && index === 2 ? S : LABELED;
  const xU = ids(draw, S);
  const yM = { ...xU, ids: xU.ids.map((id, i) => (i % 7 === 1 ? id : 0)) };
  const xM = { ...xU, ids: xU.ids.map((id, i) => (i % S === 0 ? 4 : i % 7 === 1 ? 1 : id)) };
  const [xS, yS, xQ, yQ] = [ids(draw, labeled), ids(draw, labeled), ids(draw, labeled), ids(draw, labeled)];
  return { kind: 'meta', xU, xM, yM, xS, yS, xQ, yQ };
}

describe.each(['mlm', 'finetune', 'hard', 'hard-denoising', 'soft', 'soft-denoising'])('the %s objective', (name) => {
  const config = tiny(`two-moons-${name}`);
  let executor: Executor;
  beforeAll(async () => {
    executor = await createKernelExecutor('wasm');
  });
  afterAll(() => {
    executor.dispose();
  });

  async function start(objective: Objective, state = objective.initialState(1)): Promise<Session> {
    const session = await executor.compile(objective.program);
    for (const [variable, values] of Object.entries(state)) await session.write(variable, values);
    return session;
  }

  async function train(objective: Objective, session: Session, from: number, to: number): Promise<TensorData[]> {
    const fetched: TensorData[] = [];
    for (let i = from; i < to; i += objective.microBatchesPerCall) {
      const micros = Array.from({ length: objective.microBatchesPerCall }, (_unused, k) => microBatch(config, i + k));
      const call = objective.trainingCall(micros, i);
      const results = await session.run(call.functionName, call.feeds);
      const metrics = objective.stepMetrics(call, results, i);
      for (const [metric, value] of Object.entries(metrics)) expect(value, metric).not.toBeNaN();
      fetched.push(...Object.values(results));
    }
    return fetched;
  }

  const readAll = async (objective: Objective, session: Session): Promise<Record<string, TensorData>> =>
    Object.fromEntries(
      await Promise.all(objective.program.variables.map(async (v) => [v.name, await session.read(v.name)] as const)),
    );

  /** Parameters whose every value in `flat` is 0. */
  const untouched = (layout: ParameterLayout, flat: TensorData): string[] =>
    layout.entries
      .filter(({ shape, offset }) => {
        const size = shape.reduce((a, b) => a * b, 1);
        return flat.subarray(offset, offset + size).every((value) => value === 0);
      })
      .map((entry) => entry.name);

  it('reaches every parameter with a gradient', async () => {
    const objective = build(config);
    const session = await start(objective);
    await train(objective, session, 0, 2);
    expect(untouched(studentLayout(config.model), await session.read('student.firstMoment'))).toEqual([]);
    if (config.objective === 'hard' || config.objective === 'soft') {
      expect(untouched(teacherLayout(config.model), await session.read('teacher.firstMoment'))).toEqual([]);
    }
    session.dispose();
  });

  it('continues from its variables exactly, whether a call takes one micro-batch or all', async () => {
    for (const perCall of [1, 2]) {
      const objective = build(config, perCall);
      const whole = await start(objective);
      await train(objective, whole, 0, 2);
      const middle = await readAll(objective, whole);
      const expected = await train(objective, whole, 2, 6);
      const resumed = await start(objective, middle);
      expect(await train(objective, resumed, 2, 6)).toEqual(expected);
      expect(await readAll(objective, resumed)).toEqual(await readAll(objective, whole));
      whole.dispose();
      resumed.dispose();
    }
  });

  it('evaluates fewer rows than a call has, as if they were alone', async () => {
    const objective = build(config);
    const session = await start(objective);
    const x: IdMatrix = { ids: Int32Array.of(5, 40, 41, 2, 0, 5, 42, 43, 44, 2), rows: 2, length: LABELED };
    const y: IdMatrix = { ids: Int32Array.of(2, 2, 2, 2, 0, 5, 5, 5, 5, 5), rows: 2, length: LABELED };
    const evaluate = async (from: number, rows: number) => {
      const part = (m: IdMatrix): IdMatrix => ({
        ...m,
        rows,
        ids: m.ids.slice(from * LABELED, (from + rows) * LABELED),
      });
      const call = objective.evaluationCall(part(x), part(y));
      return objective.evaluation(await session.run(call.functionName, call.feeds), part(x), part(y));
    };
    const both = await evaluate(0, 2);
    const second = await evaluate(1, 1);
    expect([...both.targetCount]).toEqual([4, 5]);
    expect(both.lossSum[1]).toBeCloseTo(second.lossSum[0] ?? Number.NaN, 5);
    expect(both.labelScores.length).toBe(4);
    expect(both.labelScores[2]).toBeCloseTo(second.labelScores[0] ?? Number.NaN, 6);
    session.dispose();
  });

  it('shows what its teacher writes, where it has one', async () => {
    const objective = build(config);
    if (!objective.writingCall || !objective.written) {
      expect(['mlm', 'finetune']).toContain(config.objective);
      return;
    }
    const session = await start(objective);
    const xU = ids(randomStream(9), S);
    const call = objective.writingCall(xU, 3);
    const { xHat, yHat, entropyX, entropyY } = objective.written(await session.run(call.functionName, call.feeds), xU);
    for (const written of [xHat, yHat]) {
      expect(written.rows).toBe(N);
      expect(written.ids.at(-1)).toBe(0);
      expect(Math.max(...written.ids)).toBeLessThan(V);
    }
    // An untrained teacher knows nothing: its entropy is close to that of V equal choices.
    expect(entropyX).toBeCloseTo(Math.log(V), 1);
    if (config.meta.denoising) expect([...yHat.ids]).toEqual([...xU.ids]);
    else expect(entropyY).toBeCloseTo(Math.log(V), 1);
    session.dispose();
  });
});

describe('evaluations of a fine-tuned student', () => {
  const config = tiny('two-moons-finetune');
  const shapes = { rows: N, unlabeledLength: S, labeledLength: S, evaluationRows: 3 };
  const short: IdMatrix = { ids: Int32Array.of(5, 40, 41, 2, 0, 5, 42, 43, 44, 2), rows: 2, length: 5 };
  const none: IdMatrix = { ...short, ids: new Int32Array(10) };
  let executor: Executor;
  beforeAll(async () => {
    executor = await createKernelExecutor('wasm');
  });
  afterAll(() => {
    executor.dispose();
  });

  async function evaluator(options: Partial<ObjectiveOptions>) {
    const objective = buildObjective(config, { labelTokens: [], shapes, ...options });
    const session = await executor.compile(objective.program);
    await session.writeAll(objective.initialState(1));
    return async (x: IdMatrix, y: IdMatrix) => {
      const call = objective.evaluationCall(x, y);
      return objective.evaluation(await session.run(call.functionName, call.feeds), x, y);
    };
  }

  it('score a row alike at every size', async () => {
    const evaluationShapes = [
      { rows: 4, length: 5 },
      { rows: 2, length: S },
    ];
    const evaluate = await evaluator({ labelTokens: [2, 5], evaluationShapes });
    const long: IdMatrix = { ids: new Int32Array(2 * S), rows: 2, length: S };
    for (const row of [0, 1]) long.ids.set(short.ids.subarray(5 * row, 5 * row + 5), row * S);
    const [atFive, atTwelve] = [await evaluate(short, short), await evaluate(long, long)];
    expect([...atFive.targetCount]).toEqual([4, 5]);
    atFive.labelScores.forEach((value, i) => expect(atTwelve.labelScores[i]).toBeCloseTo(value, 6));
    atFive.lossSum.forEach((value, i) => expect(atTwelve.lossSum[i]).toBeCloseTo(value, 4));
    await expect(evaluate({ ...short, length: 10, rows: 1 }, none)).rejects.toThrow(
      /got ids 1 x 10, expected .* 4 x 5/,
    );
  });

  it('mark the most probable token of every position, a part of them at a time', async () => {
    const [whole, parts] = [await evaluator({ marksSpans: true }), await evaluator({ marksSpans: true, chunkRows: 7 })];
    const evaluationShapes = [{ rows: 2, length: 5 }];
    const first = await (await evaluator({ marksSpans: true, evaluationShapes }))(short, none);
    expect([...first.lossSum, ...first.targetCount]).toEqual([0, 0, 0, 0]);
    const token = first.marks?.token ?? new Int32Array();
    expect(token.length).toBe(10);
    const padded = (ids: Int32Array): IdMatrix => {
      const long: IdMatrix = { ids: new Int32Array(2 * S), rows: 2, length: S };
      for (const row of [0, 1]) long.ids.set(ids.subarray(5 * row, 5 * row + 5), row * S);
      return long;
    };
    for (const evaluate of [whole, parts]) {
      const batch = await evaluate(padded(short.ids), padded(token));
      // Were another token more probable anywhere, it would not be right everywhere.
      expect([...batch.correctCount]).toEqual([5, 5]);
      const marked = batch.marks?.logProbability ?? new Float32Array();
      for (const row of [0, 1]) {
        const sum = marked.subarray(row * S, row * S + 5).reduce((a, b) => a + b, 0);
        expect(batch.lossSum[row]).toBeCloseTo(-sum, 4);
        expect(sum).toBeCloseTo(
          first.marks?.logProbability.subarray(5 * row, 5 * row + 5).reduce((a, b) => a + b, 0) ?? 0,
          4,
        );
      }
    }
  });
});

describe('an objective', () => {
  it('refuses batches that do not fit its calls', () => {
    const config = tiny('two-moons-mlm');
    const objective = build(config);
    const good = microBatch(config, 0);
    if (good.kind !== 'meta') throw new Error('expected a meta micro-batch');
    const tooLong = ids(randomStream(1), S + 1);
    expect(() => objective.trainingCall([good, { ...good, xM: tooLong }], 0)).toThrow(/got ids \[2, 13\]/);
    const allTargets = { ...good.yM, ids: good.xU.ids };
    expect(() => objective.trainingCall([good, { ...good, yM: allTargets }], 0)).toThrow(/masked positions/);
    expect(() => build(config, 3)).toThrow(/do not divide the accumulation of 2/);
  });
});
