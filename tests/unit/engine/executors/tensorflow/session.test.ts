import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor, Session } from '../../../../../src-main/engine/executors/executor.ts';
import { loadBinding } from '../../../../../src-main/engine/executors/tensorflow/native-binding.ts';
import { NO_TUNING } from '../../../../../src-main/engine/executors/tensorflow/processor.ts';
import { openTensorFlowSession } from '../../../../../src-main/engine/executors/tensorflow/tensorflow-session.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import * as ops from '../../../../../src-main/engine/graph/ops.ts';
import type { Program } from '../../../../../src-main/engine/graph/program.ts';
import { openExecutor, suiteName, tensorFlowMissing } from './native.ts';

/** Two variables that swap, and one that counts; functions share them. */
function swapProgram(): Program {
  const graph = new Graph();
  const [a, b] = [graph.variable('a', [3]), graph.variable('b', [3])];
  const count = graph.variable('count', [], 'int32');
  const x = graph.input('x', [3]);
  return {
    name: 'swap',
    variables: [
      { name: 'a', shape: [3], dtype: 'float32' },
      { name: 'b', shape: [3], dtype: 'float32' },
      { name: 'count', shape: [], dtype: 'int32' },
    ],
    functions: {
      swap: { fetches: { sum: ops.sum(ops.add(a, b)), count }, updates: { a: b, b: a, count: ops.add(count, 1) } },
      move: { fetches: { before: ops.add(a, 0) }, updates: { a: ops.add(a, x), b: ops.mul(a, 2) } },
      keep: { fetches: {}, updates: { a: x } },
      look: { fetches: { a, b }, updates: {} },
    },
  };
}

describe.skipIf(tensorFlowMissing !== undefined)(suiteName('a TensorFlow session'), () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await openExecutor();
  });
  afterAll(() => {
    executor.dispose();
  });

  async function withSession<T>(program: Program, xla: boolean, use: (session: Session) => Promise<T>): Promise<T> {
    const session = await executor.compile(program, { xla });
    try {
      return await use(session);
    } finally {
      session.dispose();
    }
  }

  describe.each([false, true])('xla %s', (xla) => {
    it('starts variables as zeros and writes and reads them', () =>
      withSession(swapProgram(), xla, async (session) => {
        expect(await session.read('a')).toEqual(Float32Array.of(0, 0, 0));
        expect(await session.read('count')).toEqual(Int32Array.of(0));
        const data = Float32Array.of(1, -0, 3);
        await session.write('a', data);
        data.fill(99);
        expect(await session.read('a')).toEqual(Float32Array.of(1, -0, 3));
      }));

    it('writes and reads all variables at once', () =>
      withSession(swapProgram(), xla, async (session) => {
        const values = { ...(await session.readAll()), a: Float32Array.of(7, 8, 9), count: Int32Array.of(4) };
        await session.writeAll(values);
        expect(await session.readAll()).toEqual(values);
        expect(await session.read('a')).toEqual(values.a);
        await expect(session.writeAll({ a: values.a })).rejects.toThrow(/expected float32 data.*got nothing/);
      }));

    it('reads every variable before it assigns any', () =>
      withSession(swapProgram(), xla, async (session) => {
        await session.write('a', Float32Array.of(1, 2, 3));
        await session.write('b', Float32Array.of(4, 5, 6));
        for (let i = 0; i < 25; i++) {
          const { sum, count } = await session.run('swap', {});
          expect([sum?.[0], count?.[0]]).toEqual([21, i]);
        }
        expect(await session.read('a')).toEqual(Float32Array.of(4, 5, 6));
        const { before } = await session.run('move', { x: Float32Array.of(1, 1, 1) });
        expect(before).toEqual(Float32Array.of(4, 5, 6));
        expect(await session.read('a')).toEqual(Float32Array.of(5, 6, 7));
        expect(await session.read('b')).toEqual(Float32Array.of(8, 10, 12));
      }));

    it('keeps the bits of integers, which travel among floats, and of floats that are no numbers', () => {
      const graph = new Graph();
      const [ids, floats] = [graph.input('ids', [6], 'int32'), graph.input('floats', [3])];
      const kept = graph.variable('kept', [6], 'int32');
      const program: Program = {
        name: 'bits',
        variables: [{ name: 'kept', shape: [6], dtype: 'int32' }],
        functions: {
          pass: { fetches: { ids: ops.add(ids, 0), floats: ops.reshape(floats, [3]), kept }, updates: { kept: ids } },
        },
      };
      return withSession(program, xla, async (session) => {
        // Quiet and signalling NaN of both signs, minus zero, a denormal.
        const bits = Int32Array.of(-1, 0x7f800001, 0x7fc00000, -0x80000000, 1, -0x7fffff);
        const given = Float32Array.of(NaN, -0, 1e-45);
        await session.write('kept', bits.toReversed());
        const fetched = await session.run('pass', { ids: bits, floats: given });
        expect(fetched).toEqual({ ids: bits, floats: given, kept: bits.toReversed() });
        expect(await session.read('kept')).toEqual(bits);
      });
    });

    it('keeps no memory of what was fed', () =>
      withSession(swapProgram(), xla, async (session) => {
        const x = Float32Array.of(7, 8, 9);
        await session.run('keep', { x });
        x.fill(0);
        const { a } = await session.run('look', {});
        expect(a).toEqual(Float32Array.of(7, 8, 9));
        a?.fill(5);
        expect(await session.read('a')).toEqual(Float32Array.of(7, 8, 9));
      }));
  });

  it('computes in the form that a GPU gets too, here on the processor', async () => {
    const session = await openTensorFlowSession(
      loadBinding({}).binding,
      swapProgram(),
      (name) => (name === 'move' ? 'xla' : 'inline'),
      NO_TUNING,
      true,
    );
    try {
      await session.writeAll({
        a: Float32Array.of(1, 2, 3),
        b: Float32Array.of(4, 5, 6),
        count: Int32Array.of(7),
      });
      expect(await session.run('swap', {})).toEqual({ sum: Float32Array.of(21), count: Int32Array.of(7) });
      const { before } = await session.run('move', { x: Float32Array.of(1, 1, 1) });
      expect(before).toEqual(Float32Array.of(4, 5, 6));
      expect(await session.readAll()).toEqual({
        a: Float32Array.of(5, 6, 7),
        b: Float32Array.of(8, 10, 12),
        count: Int32Array.of(8),
      });
    } finally {
      session.dispose();
    }
  });

  it('keeps the variables of two sessions apart', () =>
    withSession(swapProgram(), false, (first) =>
      withSession(swapProgram(), false, async (second) => {
        await first.write('a', Float32Array.of(1, 1, 1));
        expect(await second.read('a')).toEqual(Float32Array.of(0, 0, 0));
      }),
    ));

  it('deletes every tensor, model and temporary folder', async () => {
    const { binding } = loadBinding({});
    const folders = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`metalmo-graph-${process.pid}-`));
    const [tensors, models] = [binding.getNumOfTensors(), binding.getNumOfSavedModels()];
    await withSession(swapProgram(), false, async (session) => {
      expect(folders()).toEqual([]);
      const run = async (calls: number): Promise<void> => {
        for (let i = 0; i < calls; i++) await session.run('move', { x: Float32Array.of(0, 0, 0) });
      };
      await run(2000);
      const before = process.memoryUsage.rss();
      await run(10_000);
      expect(binding.getNumOfTensors()).toBe(tensors);
      // A leaked tensor or name per call would be at least 64 bytes each; freed JavaScript memory is returned late.
      expect(process.memoryUsage.rss() - before).toBeLessThan(24e6);
    });
    expect(binding.getNumOfSavedModels()).toBe(models);
  });

  it('says what is wrong with a feed, a name or a value', () =>
    withSession(swapProgram(), false, async (session) => {
      await expect(session.run('nothing', {})).rejects.toMatchObject({
        code: 'executor/failed',
        message: /swap, move/,
      });
      await expect(session.run('move', {})).rejects.toMatchObject({
        message: /input "x": expected float32 data of length 3, got nothing/,
      });
      await expect(session.run('move', { x: Int32Array.of(1, 2, 3) })).rejects.toMatchObject({
        message: /got Int32Array of 3/,
      });
      await expect(session.write('a', new Float32Array(2))).rejects.toMatchObject({ message: /variable "a"/ });
      await expect(session.read('c')).rejects.toMatchObject({ message: /no variable "c"/ });
    }));

  it('reports what TensorFlow reports, and goes on', async () => {
    const graph = new Graph();
    const picked = ops.gather(graph.variable('t', [4]), graph.input('at', [2], 'int32'));
    const program = {
      name: 'gather',
      variables: [{ name: 't', shape: [4], dtype: 'float32' as const }],
      functions: { f: { fetches: { picked }, updates: {} } },
    };
    await withSession(program, false, async (session) => {
      await expect(session.run('f', { at: Int32Array.of(0, 9) })).rejects.toMatchObject({
        code: 'executor/failed',
        message: /not in \[0, 4\)/,
      });
      expect((await session.run('f', { at: Int32Array.of(0, 3) }))['picked']).toEqual(Float32Array.of(0, 0));
    });
  });

  it('turns exhausted memory into an error that says what to do', async () => {
    const graph = new Graph();
    // 16 TB: no machine gives it, so the allocation itself fails.
    const side = 1 << 21;
    const huge = ops.max(ops.matmul(graph.input('x', [side, 1]), graph.input('y', [1, side])));
    const program = { name: 'huge', variables: [], functions: { f: { fetches: { huge }, updates: {} } } };
    await withSession(program, false, async (session) => {
      const feeds = { x: new Float32Array(side), y: new Float32Array(side) };
      await expect(session.run('f', feeds)).rejects.toMatchObject({
        code: 'executor/out-of-memory',
        message: /smaller batch/,
      });
    });
  });

  it('is closed after dispose', async () => {
    const session = await executor.compile(swapProgram());
    session.dispose();
    session.dispose();
    await expect(session.read('a')).rejects.toMatchObject({ message: /closed/ });
  });
});
