import { describe, expect, it } from 'vitest';
import { gradients } from '../../../../src-main/engine/graph/differentiate.ts';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import { add, matmul, mul, neg, logSoftmax, oneHot, reshape, sum } from '../../../../src-main/engine/graph/ops.ts';
import type { GraphNode } from '../../../../src-main/engine/graph/types.ts';
import { linearCrossEntropy } from '../../../../src-main/engine/loss/linear-cross-entropy.ts';
import { softLinearCrossEntropy } from '../../../../src-main/engine/loss/soft-linear-cross-entropy.ts';
import { overRows } from '../../../../src-main/engine/model/linear.ts';
import { randomStream } from '../graph/random-graph.ts';

const draw = randomStream(5);
const numbers = (size: number): number[] => Array.from({ length: size }, () => 2 * draw() - 1);

/** Inputs of a loss over `groups` (none: ungrouped) times 5 rows, 3 features, 4 classes. */
function inputs(groups: number | undefined) {
  const graph = new Graph();
  const lead = groups === undefined ? [] : [groups];
  const G = groups ?? 1;
  const nodes = {
    hidden: graph.input('hidden', [...lead, 5, 3]),
    weight: graph.input('weight', [...lead, 4, 3]),
    bias: graph.input('bias', [...lead, 4]),
    rowWeights: graph.input('rowWeights', [G * 5]),
  };
  const targets = Array.from({ length: G * 5 }, () => {
    const row = numbers(4).map(Math.exp);
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((value) => value / total);
  });
  const feeds = {
    hidden: numbers(G * 15),
    weight: numbers(G * 12),
    bias: numbers(G * 4),
    rowWeights: numbers(G * 5),
    labels: Array.from({ length: G * 5 }, (_unused, i) => (i * 7) % 4),
    targets: targets.flat(),
  };
  return { graph, nodes, feeds, G, lead };
}

/** The loss written with elementary ops only. */
function plain(nodes: ReturnType<typeof inputs>['nodes'], targets: GraphNode): GraphNode {
  const logits = add(matmul(nodes.hidden, nodes.weight, { transposeB: true }), overRows(nodes.bias));
  const perRow = neg(sum(mul(targets, logSoftmax(logits)), -1));
  return sum(mul(reshape(perRow, nodes.rowWeights.shape), nodes.rowWeights));
}

/** First derivatives, and second ones along a fixed direction of all inputs. */
function derivatives(loss: GraphNode, xs: readonly GraphNode[], graph: Graph): GraphNode[] {
  const first = gradients(loss, xs);
  const directional = first
    .map((gradient, i) => {
      const size = gradient.shape.reduce((a, b) => a * b, 1);
      const direction = graph.constant(
        Array.from({ length: size }, (_unused, k) => Math.sin(k + i)),
        gradient.shape,
      );
      return sum(mul(gradient, direction));
    })
    .reduce((a, b) => add(a, b));
  return [loss, ...first, ...gradients(directional, xs)];
}

function expectEqual(a: readonly Float64Array[], b: readonly Float64Array[]): void {
  expect(a.length).toBe(b.length);
  a.forEach((values, i) => {
    values.forEach((value, k) => expect(value).toBeCloseTo(b[i]?.[k] ?? Number.NaN, 9));
  });
}

describe.each([undefined, 2])('linearCrossEntropy, groups: %s', (groups) => {
  it.each([undefined, 2, 3])(
    'has the value and both derivatives of the plain formula (chunks of %s rows)',
    (chunkRows) => {
      const { graph, nodes, feeds, G, lead } = inputs(groups);
      const labels = graph.input('labels', [G * 5], 'int32');
      const { loss, perRow } = linearCrossEntropy({
        ...nodes,
        labels,
        precision: 'float32',
        ...(chunkRows !== undefined && { chunkRows }),
      });
      const xs = Object.values(nodes);
      const expected = plain(nodes, reshape(oneHot(labels, 4), [...lead, 5, 4]));
      expectEqual(interpret(derivatives(loss, xs, graph), feeds), interpret(derivatives(expected, xs, graph), feeds));
      const [rows] = interpret([perRow], feeds);
      const [total] = interpret([loss], feeds);
      expect(rows?.reduce((sumSoFar, value, i) => sumSoFar + value * (feeds.rowWeights[i] ?? 0), 0)).toBeCloseTo(
        total?.[0] ?? Number.NaN,
        9,
      );
    },
  );

  it('has a soft form with the same properties', () => {
    const { graph, nodes, feeds, lead } = inputs(groups);
    const targets = graph.input('targets', [...lead, 5, 4]);
    const { loss } = softLinearCrossEntropy({ ...nodes, targets, precision: 'float32' });
    const xs = Object.values(nodes);
    const first = (l: GraphNode): GraphNode[] => [l, ...gradients(l, [...xs, targets])];
    expectEqual(interpret(first(loss), feeds), interpret(first(plain(nodes, targets)), feeds));
    expectEqual(
      interpret(derivatives(loss, xs, graph), feeds),
      interpret(derivatives(plain(nodes, targets), xs, graph), feeds),
    );
  });
});
