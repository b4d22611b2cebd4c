import { expect } from 'vitest';
import type { CompileOptions, Executor, Session } from '../../src-main/engine/executors/executor.ts';
import { interpret } from '../../src-main/engine/graph/interpreter.ts';
import { neededNodes } from '../../src-main/engine/graph/needed-nodes.ts';
import { isOp } from '../../src-main/engine/graph/types.ts';
import { randomGraph } from '../support/random-graph.ts';
import type { RandomPool } from '../support/random-pool.ts';

/** Of a tensor's largest value, and absolute below this. Float32 keeps 7 digits; second derivatives lose most of them. */
const TOLERANCE = 1e-3;
const SMALLEST_SCALE = 0.1;

async function differencesOf(session: Session, draw: RandomPool, seed: number): Promise<string[]> {
  const outputs = draw.outputs();
  const names = Object.keys(outputs);
  const used = new Set(
    neededNodes(Object.values(outputs)).flatMap((node) => (isOp(node, 'input') ? [node.attributes.name] : [])),
  );
  const feeds = Object.fromEntries(Object.entries(draw.feeds).filter(([name]) => used.has(name)));
  const first = await session.run('f', feeds);
  const second = await session.run('f', feeds);
  const exact = interpret(Object.values(outputs), draw.feeds);
  return names.flatMap((name, i) => {
    const [found, expected] = [Array.from(first[name] ?? []), Array.from(exact[i] ?? [])];
    const scale = Math.max(SMALLEST_SCALE, ...expected.map(Math.abs));
    const isNear = expected.every((value, at) => Math.abs((found[at] ?? NaN) - value) <= TOLERANCE * scale);
    const what = `seed ${seed}, ${name} [${outputs[name]?.shape.join() ?? ''}]`;
    return [
      ...(isNear && found.length === expected.length ? [] : [`${what}: ${found.join()}, expected ${expected.join()}`]),
      // Bit for bit: a call must leave nothing behind that the next one sees.
      ...(Buffer.from(found).equals(Buffer.from(second[name] ?? [])) ? [] : [`${what}: changes from call to call`]),
    ];
  });
}

/** Computes random graphs, their gradients and second-order gradients, and expects the interpreter's numbers. */
export async function expectRandomGraphs(
  executor: Executor,
  seeds: { readonly from: number; readonly to: number },
  options: CompileOptions = {},
): Promise<void> {
  const differences: string[] = [];
  for (let seed = seeds.from; seed < seeds.to; seed++) {
    const draw = randomGraph(seed);
    const program = { name: 'random', variables: [], functions: { f: { fetches: draw.outputs(), updates: {} } } };
    const session = await executor.compile(program, options);
    try {
      differences.push(...(await differencesOf(session, draw, seed)));
    } finally {
      session.dispose();
    }
  }
  expect(differences).toEqual([]);
}
