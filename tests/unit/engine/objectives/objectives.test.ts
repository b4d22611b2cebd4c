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
import type { EvaluatedBatch, Objective } from '../../../../src-main/engine/objectives/objective.ts';
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
    const isTask = config.objective === 'finetune';
    const length = isTask ? LABELED : S;
    const x: IdMatrix = { ids: new Int32Array(2 * length), rows: 2, length };
    x.ids.set([5, 40, 41, 2]);
    x.ids.set([5, 42, 43, 44, 2], length);
    // A task's targets stand at every position, those of masked texts at a few.
    const y: IdMatrix = { ...x, ids: x.ids.map((id, at) => (id === 0 || (!isTask && at % length !== 1) ? 0 : 2)) };
    const evaluate = async (from: number, rows: number) => {
      const part = (m: IdMatrix): IdMatrix => ({ ...m, rows, ids: m.ids.slice(from * length, (from + rows) * length) });
      const call = objective.evaluationCall(part(x), part(y));
      return objective.evaluation(await session.run(call.functionName, call.feeds), part(x), part(y));
    };
    const both = await evaluate(0, 2);
    const second = await evaluate(1, 1);
    expect([...both.targetCount]).toEqual(isTask ? [4, 5] : [1, 1]);
    expect(both.lossSum?.length).toBe(2);
    expect(both.lossSum?.[1]).toBeCloseTo(second.lossSum?.[0] ?? Number.NaN, 5);
    expect(both.labelScores.length).toBe(isTask ? 4 : 0);
    if (isTask) expect(both.labelScores[2]).toBeCloseTo(second.labelScores[0] ?? Number.NaN, 6);
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

describe('evaluations of a student', () => {
  const shapes = { rows: N, unlabeledLength: S, labeledLength: S, evaluationRows: 3 };
  /** Two rows of 5 ids, the first padded. */
  const short: IdMatrix = { ids: Int32Array.of(5, 40, 41, 2, 0, 5, 42, 43, 44, 2), rows: 2, length: 5 };
  let executor: Executor;
  beforeAll(async () => {
    executor = await createKernelExecutor('wasm');
  });
  afterAll(() => {
    executor.dispose();
  });

  type Evaluate = (x: IdMatrix, y: IdMatrix) => Promise<EvaluatedBatch>;

  async function evaluator(name: string, options: Partial<ObjectiveOptions>): Promise<Evaluate> {
    const objective = buildObjective(tiny(name), { labelTokens: [], shapes, ...options });
    const session = await executor.compile(objective.program);
    await session.writeAll(objective.initialState(1));
    return async (x, y) => {
      const call = objective.evaluationCall(x, y);
      return objective.evaluation(await session.run(call.functionName, call.feeds), x, y);
    };
  }

  /** Two rows of 5 ids among rows of S. */
  function padded(ids: Int32Array): IdMatrix {
    const long = new Int32Array(2 * S);
    for (const row of [0, 1]) long.set(ids.subarray(5 * row, 5 * row + 5), row * S);
    return { ids: long, rows: 2, length: S };
  }

  const sumOf = (values: Float32Array, row: number, length: number): number =>
    values.subarray(row * length, row * length + 5).reduce((a, b) => a + b, 0);

  it('score a row alike at every size', async () => {
    const evaluationShapes = [
      { rows: 4, length: 5 },
      { rows: 2, length: S },
    ];
    const evaluate = await evaluator('two-moons-finetune', { labelTokens: [2, 5], evaluationShapes });
    const long = padded(short.ids);
    const [atFive, atTwelve] = [await evaluate(short, short), await evaluate(long, long)];
    expect([...atFive.targetCount]).toEqual([4, 5]);
    expect(atFive.labelScores.length).toBe(4);
    atFive.labelScores.forEach((value, i) => {
      expect(atTwelve.labelScores[i]).toBeCloseTo(value, 6);
    });
    for (const row of [0, 1]) expect(atTwelve.lossSum?.[row]).toBeCloseTo(atFive.lossSum?.[row] ?? Number.NaN, 4);
    const other = { ids: new Int32Array(10), rows: 1, length: 10 };
    await expect(evaluate(other, other)).rejects.toThrow(/got ids 1 x 10, expected at most 4 x 5, 2 x 12/);
  });

  it('have the label scores without the loss, where it is not wanted', async () => {
    const options = { labelTokens: [2, 5] };
    const [withLoss, without] = [
      await evaluator('two-moons-finetune', options),
      await evaluator('two-moons-finetune', { ...options, evaluatesLoss: false }),
    ];
    const x = padded(short.ids);
    const found = await without(x, x);
    expect(found.lossSum).toBeUndefined();
    expect([...found.labelScores]).toEqual([...(await withLoss(x, x)).labelScores]);
  });

  it('mark the most probable token of every position, a part of them at a time', async () => {
    const marksSpans = true;
    const evaluationShapes = [{ rows: 2, length: 5 }];
    const atFive = await evaluator('two-moons-finetune', { marksSpans, evaluationShapes, evaluatesLoss: false });
    const first = await atFive(short, short);
    expect(first.lossSum).toBeUndefined();
    const { token, logProbability } = first.marks ?? { token: new Int32Array(), logProbability: new Float32Array() };
    expect(token.length).toBe(10);
    for (const chunkRows of [undefined, 7]) {
      const evaluate = await evaluator('two-moons-finetune', { marksSpans, ...(chunkRows && { chunkRows }) });
      // As a target, the most probable token costs what its log-probability says, and any other token more.
      const batch = await evaluate(padded(short.ids), padded(token));
      const others = await evaluate(padded(short.ids), padded(token.map((id) => (id + 1) % V)));
      const marked = batch.marks?.logProbability ?? new Float32Array();
      for (const row of [0, 1]) {
        expect(sumOf(marked, row, S)).toBeCloseTo(sumOf(logProbability, row, 5), 4);
        expect(batch.lossSum?.[row]).toBeCloseTo(-sumOf(marked, row, S), 4);
        expect(others.lossSum?.[row]).toBeGreaterThan(batch.lossSum?.[row] ?? Number.NaN);
      }
    }
  });

  it('of masked texts are those of a task with the same targets', async () => {
    const x = padded(short.ids);
    const y = { ...x, ids: new Int32Array(2 * S) };
    y.ids[2] = 41;
    y.ids[S + 1] = 33;
    y.ids[S + 3] = 44;
    const task = await (await evaluator('two-moons-finetune', { marksSpans: true }))(x, y);
    for (const chunkRows of [undefined, 2]) {
      const masked = await (await evaluator('two-moons-mlm', chunkRows ? { chunkRows } : {}))(x, y);
      expect([...masked.targetCount]).toEqual([1, 2]);
      for (const row of [0, 1]) expect(masked.lossSum?.[row]).toBeCloseTo(task.lossSum?.[row] ?? Number.NaN, 4);
      const right = [...y.ids].map((id, at) => (id !== 0 && id === task.marks?.token[at] ? 1 : 0));
      expect([...(masked.correctCount ?? [])]).toEqual([
        right.slice(0, S).reduce<number>((a, b) => a + b, 0),
        right.slice(S).reduce<number>((a, b) => a + b, 0),
      ]);
    }
    const everywhere = { ...x, ids: x.ids.map(() => 40) };
    await expect((await evaluator('two-moons-mlm', {}))(x, everywhere)).rejects.toThrow(/masked positions/);
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
