import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neededNodes, valueInputs } from '../../../../../src-main/engine/graph/needed-nodes.ts';
import { loadBinding } from '../../../../../src-main/engine/executors/tensorflow/native-binding.ts';
import { planClusters } from '../../../../../src-main/engine/executors/tensorflow/plan-clusters.ts';
import { openTensorFlowSession } from '../../../../../src-main/engine/executors/tensorflow/tensorflow-session.ts';
import { gradients } from '../../../../../src-main/engine/graph/differentiate.ts';
import { Graph } from '../../../../../src-main/engine/graph/graph.ts';
import * as ops from '../../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../../src-main/engine/graph/types.ts';
import { isOp } from '../../../../../src-main/engine/graph/types.ts';
import type { Executor } from '../../../../../src-main/engine/executors/executor.ts';
import { randomGraph, randomStream } from '../../graph/random-graph.ts';
import { openExecutor, suiteName, tensorFlowMissing } from './native.ts';

/** Where each value comes from when clusters are computed as one; fails on a cycle. */
function checkExecutable(outputs: readonly GraphNode[], leastElements: number): number {
  const nodes = neededNodes(outputs);
  const clusters = planClusters(nodes, new Set(outputs), leastElements);
  const clusterOf = new Map(clusters.flatMap((cluster) => cluster.outputs.map((node) => [node, cluster] as const)));
  const done = new Set<unknown>();
  const open = new Set<unknown>();
  const compute = (node: GraphNode): void => {
    const unit = clusterOf.get(node) ?? node;
    if (done.has(unit)) return;
    expect(open.has(unit), `a cycle through ${node.op} ${node.id}`).toBe(false);
    open.add(unit);
    (clusterOf.get(node)?.inputs ?? valueInputs(node)).forEach(compute);
    open.delete(unit);
    done.add(unit);
  };
  outputs.forEach(compute);
  // What a cluster computes stops at its inputs: no input or variable inside.
  for (const cluster of clusters) {
    const inside = neededNodes(cluster.outputs, new Set(cluster.inputs)).filter(
      (node) => !cluster.inputs.includes(node),
    );
    expect(inside.filter((node) => isOp(node, 'input') || isOp(node, 'variable') || isOp(node, 'matmul'))).toEqual([]);
  }
  return clusters.filter((cluster) => cluster.outputs.length > 0).length;
}

/** Two residual blocks with LayerNorm, GELU and dropout, and the gradient of their cross-entropy. */
function blocks(graph: Graph): { outputs: Record<string, GraphNode>; variables: GraphNode[] } {
  const [R, D, F, V] = [128, 64, 256, 512];
  const variables: GraphNode[] = [];
  const variable = (name: string, shape: number[]): GraphNode => {
    const made = graph.variable(name, shape);
    variables.push(made);
    return made;
  };
  let x = variable('x', [R, D]);
  for (const layer of [0, 1]) {
    const centered = ops.sub(x, ops.mean(x, -1, true));
    const normal = ops.mul(centered, ops.rsqrt(ops.add(ops.mean(ops.square(centered), -1, true), 1e-5)));
    const scaled = ops.add(ops.mul(normal, variable(`w${layer}`, [D])), variable(`b${layer}`, [D]));
    const hidden = ops.add(ops.matmul(scaled, variable(`up${layer}`, [D, F])), variable(`c${layer}`, [F]));
    const gelu = ops.mul(ops.mul(hidden, 0.5), ops.add(ops.erf(ops.mul(hidden, Math.SQRT1_2)), 1));
    const kept = ops.cast(
      ops.lessEqual(0.1, ops.randomUniform(graph.input('key', [2], 'int32'), [R, F], layer)),
      'float32',
    );
    x = ops.add(x, ops.matmul(ops.mul(gelu, ops.mul(kept, 1 / 0.9)), variable(`down${layer}`, [F, D])));
  }
  const logits = ops.matmul(x, variable('out', [D, V]));
  const loss = ops.mean(ops.sparseCrossEntropy(logits, graph.input('labels', [R], 'int32')));
  const found = gradients(loss, variables);
  return { outputs: { loss, ...Object.fromEntries(found.map((node, i) => [`gradient ${i}`, node])) }, variables };
}

describe('clusters', () => {
  it('can be computed one after the other, whatever the graph', () => {
    for (let seed = 0; seed < 150; seed++) {
      const graph = new Graph();
      const value = ops.sum(randomGraph(graph, seed, 30));
      const products = ops.matmul(ops.reshape(value, [1, 1]), ops.reshape(ops.exp(ops.tanh(value)), [1, 1]));
      const y = ops.sum(ops.add(products, ops.mul(value, ops.sum(products))));
      checkExecutable([y, ...gradients(y, [graph.input('x', [2, 3]), graph.input('y', [3])])], 0);
    }
  });

  it('cover a model’s elementwise work, equal for each layer', () => {
    const { outputs } = blocks(new Graph());
    expect(checkExecutable(Object.values(outputs), 4096)).toBeGreaterThan(6);
  });
});

describe.skipIf(tensorFlowMissing !== undefined)(suiteName('clusters in TensorFlow'), () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await openExecutor();
  });
  afterAll(() => {
    executor.dispose();
  });

  it('give what the library gives', async () => {
    const { outputs, variables } = blocks(new Graph());
    const program = {
      name: 'blocks',
      variables: variables.map((node) => {
        if (!isOp(node, 'variable')) throw new Error('expected a variable');
        return node.attributes;
      }),
      functions: { f: { fetches: outputs, updates: {} } },
    };
    const draw = randomStream(3);
    const values = variables.map((node) =>
      Float32Array.from({ length: node.shape.reduce((a, b) => a * b, 1) }, () => draw() - 0.5),
    );
    const labels = Int32Array.from({ length: 128 }, () => Math.floor(draw() * 512));
    const results = [];
    for (const mode of ['inline', 'function', 'clusters', 'xla'] as const) {
      const session = await openTensorFlowSession(loadBinding({}).binding, program, () => mode);
      for (const [i, { name }] of program.variables.entries())
        await session.write(name, values[i] ?? new Float32Array());
      const feeds = { labels, key: Int32Array.of(5, 6) };
      const first = await session.run('f', feeds);
      expect(await session.run('f', feeds), `${mode}, again`).toEqual(first);
      results.push(first);
      session.dispose();
    }
    const [reference, ...others] = results;
    for (const [i, other] of others.entries()) {
      for (const [name, expected] of Object.entries(reference ?? {})) {
        const scale = Math.max(...expected.map(Math.abs), 1e-3);
        expected.forEach((value, k) => {
          expect(Math.abs((other[name]?.[k] ?? NaN) - value) / scale, `mode ${i + 1}, ${name}[${k}]`).toBeLessThan(
            2e-5,
          );
        });
      }
    }
  });
});
