import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor, TensorData } from '../../../../../src-main/engine/executors/executor.ts';
import type { NativeSettings } from '../../../../../src-main/engine/executors/tensorflow/native-environment.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import { shapeSize } from '../../../../../src-main/engine/graph/infer-shape.ts';
import { interpret } from '../../../../../src-main/engine/graph/interpreter.ts';
import { cast, lessEqual, randomUniform } from '../../../../../src-main/engine/graph/ops.ts';
import type { GraphNode, Shape } from '../../../../../src-main/engine/graph/types.ts';
import { philoxUniforms } from '../../../../../src-main/engine/random/philox.ts';
import { randomStream } from '../../graph/random-graph.ts';
import { openExecutor, suiteName, tensorFlowMissing } from './native.ts';
import { OP_CASES } from './op-cases.ts';

/** Fresh random inputs of a case, remembered as feeds. */
function inputsOf(graph: Graph, seed: number) {
  const draw = randomStream(seed);
  const feeds: Record<string, TensorData> = { flag: Int32Array.of(1, 0, 1) };
  const name = (): string => `input ${Object.keys(feeds).length}`;
  return {
    graph,
    feeds,
    f: (shape: Shape, low = -2, high = 2): GraphNode => {
      const at = name();
      feeds[at] = Float32Array.from({ length: shapeSize(shape) }, () => low + (high - low) * draw());
      return graph.input(at, shape);
    },
    i: (shape: Shape, low: number, high: number): GraphNode => {
      const at = name();
      feeds[at] = Int32Array.from({ length: shapeSize(shape) }, () => low + Math.floor((high - low) * draw()));
      return graph.input(at, shape, 'int32');
    },
  };
}

/** Tests of every op in the modes `compiled` (by XLA or not); settings are the process's, so each file has one set of them. */
export function describeEveryOp(title: string, settings: NativeSettings, compiled: readonly boolean[]): void {
  describe.skipIf(tensorFlowMissing !== undefined)(suiteName(title), () => {
    let executor: Executor;
    beforeAll(async () => {
      executor = await openExecutor(settings);
    });
    afterAll(() => {
      executor.dispose();
    });

    async function runCase(build: (inputs: ReturnType<typeof inputsOf>) => GraphNode[], xla: boolean) {
      // Not simplified: each op must reach the executor as it is written.
      const inputs = inputsOf(new Graph({ simplify: false }), 17);
      const nodes = build(inputs);
      const v = Float32Array.of(1, -2, 3, 4.5, 0, 6);
      const fetches = Object.fromEntries(nodes.map((node, i) => [`out ${i}`, node]));
      const session = await executor.compile(
        {
          name: 'case',
          variables: [{ name: 'v', shape: [2, 3], dtype: 'float32' }],
          functions: { f: { fetches, updates: {} } },
        },
        { xla },
      );
      try {
        await session.write('v', v);
        const found = await session.run('f', inputs.feeds);
        const expected = interpret(nodes, inputs.feeds, { v });
        return nodes.map((node, i) => ({
          node,
          found: found[`out ${i}`],
          expected: expected[i] ?? new Float64Array(),
        }));
      } finally {
        session.dispose();
      }
    }

    describe.each(compiled)('xla %s', (xla) => {
      it.each(Object.keys(OP_CASES) as (keyof typeof OP_CASES)[])('%s', async (op) => {
        for (const { node, found, expected } of await runCase(OP_CASES[op], xla)) {
          const what = `${op} -> ${node.dtype}[${node.shape.join()}]`;
          expect(found, what).toBeInstanceOf(node.dtype === 'float32' ? Float32Array : Int32Array);
          expect(found?.length, what).toBe(expected.length);
          expected.forEach((value, i) => {
            const error = Math.abs((found?.[i] ?? NaN) - value) / Math.max(1, Math.abs(value));
            expect(error, `${what}[${i}]: ${found?.[i]} where ${value} is due`).toBeLessThan(
              node.dtype === 'float32' ? 5e-6 : 1e-9,
            );
          });
        }
      });

      it('matmul with bfloat16 operands', async () => {
        const results = await runCase(
          ({ f, graph }) =>
            [[f([3, 40]), f([40, 5])] as const, [f([2, 3, 40]), f([2, 40, 5])] as const].map(([a, b]) =>
              graph.apply('matmul', [a, b], { transposeA: false, transposeB: false, precision: 'bfloat16' }),
            ),
          xla,
        );
        for (const { found, expected } of results) {
          // The product itself is rounded to bfloat16 as well: 8 bits of it remain.
          const scale = Math.max(...expected.map(Math.abs));
          expected.forEach((value, i) => {
            expect(Math.abs((found?.[i] ?? NaN) - value) / scale).toBeLessThan(2 ** -8);
          });
        }
      });

      it('randomUniform is Philox of key, stream and index', async () => {
        const graph = new Graph();
        const key = graph.input('key', [2], 'int32');
        const fetches = { a: randomUniform(key, [5, 7], 3), b: randomUniform(key, [2], 4) };
        const session = await executor.compile(
          { name: 'random', variables: [], functions: { f: { fetches, updates: {} } } },
          { xla },
        );
        const found = await session.run('f', { key: Int32Array.of(-123456789, 42) });
        session.dispose();
        for (const [name, size, stream] of [
          ['a', 35, 3],
          ['b', 2, 4],
        ] as const) {
          const expected = new Float32Array(size);
          philoxUniforms(expected, -123456789, 42, stream);
          expect(found[name]).toEqual(expected);
        }
      });

      it.each([
        [0.1, [5, 7]],
        [0, [8]],
      ])('randomUniform of at least %s, shape %s, is decided by the same numbers', async (bound, shape) => {
        const graph = new Graph();
        const mask = lessEqual(bound, randomUniform(graph.input('key', [2], 'int32'), shape, 7));
        const session = await executor.compile(
          { name: 'mask', variables: [], functions: { f: { fetches: { mask: cast(mask, 'float32') }, updates: {} } } },
          { xla },
        );
        const found = await session.run('f', { key: Int32Array.of(2147483647, -5) });
        session.dispose();
        const numbers = new Float32Array(shape.reduce((product, size) => product * size, 1));
        philoxUniforms(numbers, 2147483647, -5, 7);
        expect(found['mask']).toEqual(numbers.map((number) => (number >= Math.fround(bound) ? 1 : 0)));
      });
    });
  });
}
