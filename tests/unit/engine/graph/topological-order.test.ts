import { describe as suite, expect, it } from 'vitest';
import { countNodes, describe } from '../../../../src-main/engine/graph/describe.ts';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import * as ops from '../../../../src-main/engine/graph/ops.ts';
import { topologicalOrder } from '../../../../src-main/engine/graph/topological-order.ts';
import { randomGraph } from './random-graph.ts';

suite('topologicalOrder', () => {
  it('puts inputs before users and lists what is needed once', () => {
    for (let seed = 0; seed < 50; seed++) {
      const order = topologicalOrder([randomGraph(new Graph(), seed, 20)]);
      expect(new Set(order).size).toBe(order.length);
      order.forEach((node, i) => {
        for (const input of node.inputs) expect(order.indexOf(input)).toBeLessThan(i);
        expect(i === order.length - 1 || order.slice(i + 1).some((user) => user.inputs.includes(node))).toBe(true);
      });
    }
  });

  it('leaves out dead nodes and the gradients that a value was given', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const dead = ops.exp(x);
    const given = ops.tanh(x);
    const value = ops.withGradient(ops.sum(x), [x], [given]);
    const order = topologicalOrder([value]);
    expect(order).not.toContain(dead);
    expect(order).not.toContain(given);
    expect(order.map((node) => node.op)).toEqual(['input', 'sum', 'withGradient']);
  });

  it('makes what is large for free right before it is used', () => {
    const graph = new Graph();
    const noise = ops.randomUniform(graph.input('key', [2], 'int32'), [1000], 0);
    const x = ops.exp(ops.exp(graph.input('x', [1000])));
    const order = topologicalOrder([ops.mul(noise, x)]).map((node) => node.op);
    expect(order).toEqual(['input', 'exp', 'exp', 'input', 'randomUniform', 'mul']);
  });
});

suite('describe', () => {
  it('lists and counts nodes', () => {
    const graph = new Graph();
    const y = ops.add(graph.input('x', [2]), graph.constant([1, 2], [2]));
    expect(describe([y])).toBe(
      [
        '%0 float32[2] = input() {"name":"x","shape":[2],"dtype":"float32"}',
        '%1 float32[2] = constant() 1, 2',
        '%2 float32[2] = add(%0, %1)',
      ].join('\n'),
    );
    expect(countNodes([y])).toContainEqual({ op: 'add', nodes: 1, elements: 2 });
  });
});
