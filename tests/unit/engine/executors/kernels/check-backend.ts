/** The checks that every backend must pass; one test file per backend, so that each has a process of its own. */
import { engine } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHostDevice } from '../../../../../src-main/engine/executors/kernels/devices/host-device.ts';
import { openWebgpuDevice } from '../../../../../src-main/engine/executors/kernels/devices/webgpu-device.ts';
import { KernelSession } from '../../../../../src-main/engine/executors/kernels/kernel-session.ts';
import type {
  KernelBackendName,
  KernelDevice,
} from '../../../../../src-main/engine/executors/kernels/kernel-device.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import { OP_NAMES, shapeSize } from '../../../../../src-main/engine/graph/infer-shape.ts';
import { interpret } from '../../../../../src-main/engine/graph/interpreter.ts';
import type { GraphNode } from '../../../../../src-main/engine/graph/types.ts';
import { RandomGenerator } from '../../../../../src-main/engine/random/random-generator.ts';
import * as ops from '../../../../../src-main/engine/graph/ops.ts';
import { opCases, VARIABLE_SPECS, VARIABLES } from './op-cases.ts';

/** Float32 rounding of inputs, results and, for sums and products of many terms, of the terms. */
const ABSOLUTE = 2e-6;
const RELATIVE = 4e-6;

export function checkBackend(backend: KernelBackendName): void {
  describe(`kernel executor on ${backend}`, () => {
    let device: KernelDevice;
    beforeAll(async () => {
      device = backend === 'webgpu' ? await openWebgpuDevice() : await openHostDevice(backend);
    });
    afterAll(() => {
      device.dispose();
    });

    describe("every op gives the interpreter's numbers", () => {
      const { feeds, cases } = opCases();
      let session: KernelSession;
      beforeAll(async () => {
        session = await KernelSession.open(device, {
          name: 'ops',
          variables: VARIABLE_SPECS,
          functions: Object.fromEntries(OP_NAMES.map((op) => [op, { fetches: cases[op], updates: {} }])),
        });
        for (const [name, data] of Object.entries(VARIABLES)) await session.write(name, data);
      });
      afterAll(() => {
        session.dispose();
      });

      it.each(OP_NAMES)('%s', async (op) => {
        const names = Object.keys(cases[op]);
        expect(names.length).toBeGreaterThan(0);
        const found = await session.run(op, feeds);
        const expected = interpret(Object.values(cases[op]), feeds, VARIABLES);
        names.forEach((name, i) => {
          const [actual, wanted, node] = [found[name], expected[i], cases[op][name]];
          if (!actual || !wanted || !node) throw new Error(`${op} ${name} is missing`);
          expect(actual, name).toBeInstanceOf(node.dtype === 'float32' ? Float32Array : Int32Array);
          expect(actual.length, name).toBe(wanted.length);
          const scale = Math.max(1, ...wanted.map(Math.abs));
          wanted.forEach((value, at) => {
            const error = Math.abs((actual[at] ?? Number.NaN) - value);
            const allowed = node.dtype === 'float32' ? ABSOLUTE * scale ** 0.5 + RELATIVE * Math.abs(value) : 0;
            if (!(error <= allowed))
              throw new Error(`${op} ${name}[${at}]: ${actual[at]}, expected ${value}, off by ${error}`);
          });
        });
      });
    });

    it('reads all variables before it assigns any, and shares values safely', async () => {
      const graph = new Graph();
      const [a, b, c] = ['a', 'b', 'c'].map((name) => graph.variable(name, [2]));
      if (!a || !b || !c) throw new Error('unreachable');
      const before = device.liveTensors();
      const session = await KernelSession.open(device, {
        name: 'updates',
        variables: ['a', 'b', 'c'].map((name) => ({ name, shape: [2], dtype: 'float32' })),
        functions: {
          rotate: { fetches: { old: a, sum: ops.add(a, ops.add(b, c)) }, updates: { a: b, b: c, c: a } },
          spread: { fetches: {}, updates: { b: a, c: ops.reshape(graph.input('x', [2, 1]), [2]) } },
          scale: { fetches: { scaled: ops.mul(a, 2) }, updates: { a: ops.mul(a, 2) } },
        },
      });
      expect(Array.from(await session.read('a'))).toEqual([0, 0]);
      await session.write('a', Float32Array.of(1, 2));
      const others = { b: Float32Array.of(3, 4), c: Float32Array.of(5, 6) };
      await session.writeAll({ ...(await session.readAll()), ...others });
      await expect(session.writeAll(others)).rejects.toThrow(/"a"/);
      const rotated = await session.run('rotate', {});
      expect(Array.from(rotated['old'] ?? [])).toEqual([1, 2]);
      expect(Array.from(rotated['sum'] ?? [])).toEqual([9, 12]);
      const state = async (): Promise<number[][]> =>
        [await session.read('a'), await session.read('b'), await session.read('c')].map((data) => Array.from(data));
      expect(await state()).toEqual([
        [3, 4],
        [5, 6],
        [1, 2],
      ]);
      const fed = Float32Array.of(7, 8);
      await session.run('spread', { x: fed });
      fed.fill(0);
      expect(await state()).toEqual([
        [3, 4],
        [3, 4],
        [7, 8],
      ]);
      const first = await session.run('scale', {});
      const second = await session.run('scale', {});
      expect(Array.from(first['scaled'] ?? [])).toEqual([6, 8]);
      expect(Array.from(second['scaled'] ?? [])).toEqual([12, 16]);
      expect(await state()).toEqual([
        [12, 16],
        [3, 4],
        [7, 8],
      ]);
      session.dispose();
      expect(device.liveTensors()).toBe(before);
    });

    it('returns constants, also those that kernels have in their code', async () => {
      const graph = new Graph();
      const constant = graph.constant(3);
      const session = await KernelSession.open(device, {
        name: 'constants',
        variables: [],
        functions: {
          f: { fetches: { constant, sum: ops.tanh(ops.add(graph.input('x', [2]), constant)) }, updates: {} },
        },
      });
      const found = await session.run('f', { x: Float32Array.of(-3, -3) });
      expect(Array.from(found['constant'] ?? [])).toEqual([3]);
      expect(Array.from(found['sum'] ?? [])).toEqual([0, 0]);
      session.dispose();
    });

    it('answers overlapping calls in order', async () => {
      const graph = new Graph();
      const counter = graph.variable('counter', []);
      const session = await KernelSession.open(device, {
        name: 'order',
        variables: [{ name: 'counter', shape: [], dtype: 'float32' }],
        functions: { next: { fetches: { now: counter }, updates: { counter: ops.add(counter, 1) } } },
      });
      const answers = await Promise.all([1, 2, 3].map(() => session.run('next', {})));
      expect(answers.map(({ now }) => now?.[0])).toEqual([0, 1, 2]);
      session.dispose();
    });

    it('computes long expressions of many inputs, parts of which are results themselves', async () => {
      const graph = new Graph();
      const random = new RandomGenerator(3, 'init');
      const feeds: Record<string, Float32Array | Int32Array> = {};
      const shapes = [[6, 5], [5], [6, 1], [], [1, 5], [2, 6, 5]];
      const inputs = Array.from({ length: 24 }, (_unused, i) => {
        const shape = shapes[i % shapes.length] ?? [];
        feeds[`x${i}`] = Float32Array.from({ length: shapeSize(shape) }, () => random.normal());
        return graph.input(`x${i}`, shape);
      });
      feeds['n'] = Int32Array.from([3, -4, 5, -6, 7]);
      const n = graph.input('n', [5], 'int32');
      let value: GraphNode = graph.constant(0.5);
      let middle = value;
      inputs.forEach((input, i) => {
        const even = ops.equal(
          ops.mod(ops.add(n, graph.constant(i, [], 'int32')), graph.constant(2, [], 'int32')),
          graph.constant(0, [], 'int32'),
        );
        const chosen = ops.select(
          ops.logicalAnd(even, ops.less(input, value)),
          ops.tanh(input),
          ops.mul(ops.tanh(value), 0.5),
        );
        const rest = ops.sub(value, ops.erf(ops.mul(input, ops.cast(n, 'float32'))));
        value = ops.add(ops.mul(chosen, chosen), ops.mul(rest, 0.5));
        if (i === 11) middle = value;
      });
      const fetches = {
        value,
        middle,
        reshaped: ops.reshape(middle, [shapeSize(middle.shape)]),
        total: ops.sum(ops.exp(ops.neg(ops.abs(value)))),
      };
      const session = await KernelSession.open(device, {
        name: 'long',
        variables: [],
        functions: { f: { fetches, updates: {} } },
      });
      const found = await session.run('f', feeds);
      const expected = interpret(Object.values(fetches), feeds);
      Object.keys(fetches).forEach((name, i) => {
        const [actual = [], wanted = []] = [found[name], expected[i]];
        expect(actual.length, name).toBe(wanted.length);
        const worst = Math.max(
          ...Array.from(wanted, (at, k) => Math.abs(at - (actual[k] ?? Number.NaN)) / Math.max(1, Math.abs(at))),
        );
        expect(worst, name).toBeLessThan(1e-4);
      });
      session.dispose();
    });

    it('handles more elements than one row of workgroups', async () => {
      const graph = new Graph();
      const size = 65536 * 64 + 77;
      const x = graph.variable('x', [size]);
      const session = await KernelSession.open(device, {
        name: 'large',
        variables: [{ name: 'x', shape: [size], dtype: 'float32' }],
        functions: {
          f: {
            fetches: { last: ops.slice(ops.add(x, 1), [size - 2], [2]), total: ops.sum(ops.add(x, 1)) },
            updates: {},
          },
        },
      });
      const { last, total } = await session.run('f', {});
      expect(Array.from(last ?? [])).toEqual([1, 1]);
      expect(total?.[0]).toBeCloseTo(size, -1);
      session.dispose();
    });

    it('leaks nothing, neither in calls nor in failed calls', async () => {
      const { feeds, cases } = opCases();
      const before = device.liveTensors();
      const fetches = Object.fromEntries(
        OP_NAMES.flatMap((op) => Object.entries(cases[op]).map(([name, node]) => [`${op} ${name}`, node])),
      );
      const session = await KernelSession.open(device, {
        name: 'leaks',
        variables: VARIABLE_SPECS,
        functions: {
          all: { fetches, updates: { v: ops.exp(ops.neg(ops.square(cases.variable['value'] ?? fail()))) } },
        },
      });
      await session.run('all', feeds);
      const after = device.liveTensors();
      const [bytes, tracked] = [device.liveBytes(), engine().state.numTensors];
      for (let i = 0; i < 3; i++) await session.run('all', feeds);
      expect(device.liveTensors()).toBe(after);
      expect(device.liveBytes()).toBe(bytes);
      // TF.js's own engine is not involved at all.
      expect(engine().state.numTensors).toBe(tracked);
      await expect(session.run('all', {})).rejects.toMatchObject({ code: 'executor/failed' });
      await expect(session.run('nothing', feeds)).rejects.toMatchObject({ code: 'executor/failed' });
      expect(device.liveTensors()).toBe(after);
      session.dispose();
      expect(device.liveTensors()).toBe(before);
    });

    it('gives the same bits every time', async () => {
      const { feeds, cases } = opCases();
      const session = await KernelSession.open(device, {
        name: 'bits',
        variables: [],
        functions: { all: { fetches: { ...cases.sum, ...cases.segmentSum, ...cases.matmul }, updates: {} } },
      });
      const [first, second] = [await session.run('all', feeds), await session.run('all', feeds)];
      expect(second).toEqual(first);
      session.dispose();
    });
  });
}

function fail(): never {
  throw new Error('unreachable');
}
