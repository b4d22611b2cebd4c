import { describe, expect, it } from 'vitest';
import { attend } from '../../src-main/engine/graph/attend.ts';
import { gradients } from '../../src-main/engine/graph/differentiate.ts';
import { gelu } from '../../src-main/engine/graph/gelu.ts';
import { Graph } from '../../src-main/engine/graph/graph.ts';
import { interpret } from '../../src-main/engine/graph/interpreter.ts';
import { normalizeRows } from '../../src-main/engine/graph/normalize-rows.ts';
import * as ops from '../../src-main/engine/graph/ops.ts';
import type { GraphNode, Shape } from '../../src-main/engine/graph/types.ts';
import { checkGradients } from './check-gradients.ts';
import { randomValues } from './random-values.ts';

type Nodes = Readonly<Record<string, GraphNode>>;

function node(nodes: Nodes, name: string): GraphNode {
  const found = nodes[name];
  if (!found) throw new Error(`no input ${name}`);
  return found;
}

function constant(beside: GraphNode, values: readonly number[], shape: Shape, dtype: 'float32' | 'int32'): GraphNode {
  return beside.graph.apply('constant', [], { values, shape, dtype });
}

/** LayerNorm with scale and shift over the last axis. */
function layerNorm(x: GraphNode, scale: GraphNode, shift: GraphNode): GraphNode {
  return ops.add(ops.mul(normalizeRows(x, 1e-5), scale), shift);
}

/** One AdamW update of `theta` as a function of `gradient`; where the new second moment is 0 the update is 0. */
function adamwStep(theta: GraphNode, gradient: GraphNode, first: GraphNode, second: GraphNode): GraphNode {
  const m = ops.add(ops.mul(first, 0.9), ops.mul(gradient, 0.1));
  const v = ops.add(ops.mul(second, 0.98), ops.mul(ops.square(gradient), 0.02));
  const isZero = ops.equal(v, 0);
  const root = ops.select(isZero, 0, ops.sqrt(ops.select(isZero, 1, ops.mul(v, 1.7))));
  const update = ops.div(ops.mul(m, 1.3), ops.add(root, 1e-6));
  return ops.sub(ops.mul(theta, 1 - 0.05 * 0.01), ops.mul(update, 0.05));
}

describe('derivatives of compositions, first and second order', () => {
  it('layer norm', () => {
    checkGradients({
      name: 'layer norm',
      inputs: { x: { shape: [2, 4] }, scale: { shape: [4] }, shift_: { shape: [4] } },
      build: (n) => layerNorm(node(n, 'x'), node(n, 'scale'), node(n, 'shift_')),
    });
  });

  it('layer norm in closed form equals that of its parts to second order', () => {
    const graph = new Graph();
    const x = graph.input('x', [2, 3, 4]);
    const inParts = (): GraphNode => {
      const centered = ops.sub(x, ops.mean(x, -1, true));
      return ops.mul(centered, ops.rsqrt(ops.add(ops.mean(ops.square(centered), -1, true), 1e-3)));
    };
    const weights = constant(x, randomValues(24, 3), [2, 3, 4], 'float32');
    const derivatives = [normalizeRows(x, 1e-3), inParts()].flatMap((y) => {
      const [first] = gradients(ops.sum(ops.mul(y, weights)), [x]);
      const [second] = first ? gradients(ops.sum(ops.mul(ops.square(first), weights)), [x]) : [];
      return first && second ? [y, first, second] : [];
    });
    expect(derivatives).toHaveLength(6);
    const values = interpret(derivatives, { x: randomValues(24, 4) });
    values.slice(0, 3).forEach((known, i) => {
      known.forEach((value, k) => {
        expect(value).toBeCloseTo(values[i + 3]?.[k] ?? NaN, 9);
      });
    });
  });

  it('GELU', () => {
    checkGradients({
      name: 'GELU',
      inputs: { x: { shape: [3, 5], low: -3, high: 3 } },
      build: (n) => gelu(node(n, 'x')),
    });
  });

  it('attention with a padding mask and dropout', () => {
    const [N, S, H, Dh] = [2, 3, 2, 2];
    const D = H * Dh;
    checkGradients(
      {
        name: 'attention',
        inputs: { x: { shape: [N, S, D] }, weight: { shape: [3 * D, D] }, bias12: { shape: [3 * D] } },
        build: (n) => {
          const x = ops.reshape(node(n, 'x'), [N * S, D]);
          const projected = ops.add(ops.matmul(x, node(n, 'weight'), { transposeB: true }), node(n, 'bias12'));
          const heads = ops.transpose(ops.reshape(projected, [N, S, 3, H, Dh]), [2, 0, 3, 1, 4]);
          const part = (i: number): GraphNode =>
            ops.reshape(ops.slice(heads, [i, 0, 0, 0, 0], [1, N, H, S, Dh]), [N, H, S, Dh]);
          const query = ops.mul(part(0), Math.SQRT1_2);
          const isPadding = ops.equal(
            constant(x, [0, 0, 0, 0, 0, 1], [N, 1, 1, S], 'int32'),
            constant(x, [1], [], 'int32'),
          );
          const mask = constant(x, randomValues(N * H * S * S, 8, 0, 1.3), [N, H, S, S], 'float32');
          const mixed = attend(query, part(1), part(2), {
            scoreBias: ops.select(isPadding, -1e9, 0),
            weightMask: (weights) => ops.mul(weights, mask),
          });
          return ops.reshape(ops.transpose(mixed, [0, 2, 1, 3]), [N, S, D]);
        },
      },
      ['full'],
    );
  });

  it('a look-up and a softmax cross-entropy head that share one matrix', () => {
    checkGradients({
      name: 'tied head',
      inputs: { embedding: { shape: [5, 3] }, weight: { shape: [3, 3] } },
      build: (n) => {
        const embedding = node(n, 'embedding');
        const hidden = gelu(
          ops.matmul(ops.gather(embedding, constant(embedding, [1, 4, 1, 0], [4], 'int32')), node(n, 'weight')),
        );
        const logits = ops.matmul(hidden, embedding, { transposeB: true });
        return ops.sparseCrossEntropy(logits, constant(embedding, [0, 2, 2, 4], [4], 'int32'));
      },
    });
  });

  it('an AdamW step whose second moment is exactly zero at some entries', () => {
    const graph = new Graph();
    const [theta, first, second, gradient] = ['theta', 'first', 'second', 'gradient'].map((name) =>
      graph.input(name, [4]),
    );
    if (!theta || !first || !second || !gradient) throw new Error('no inputs');
    const stepped = adamwStep(theta, ops.mul(gradient, ops.exp(theta)), first, second);
    const loss = ops.sum(ops.square(stepped));
    const [slope] = gradients(loss, [gradient]);
    if (!slope) throw new Error('no gradient');
    const [curvature] = gradients(ops.sum(ops.square(slope)), [gradient]);
    if (!curvature) throw new Error('no gradient');
    const point = { theta: [1, 2, 3, 4], first: [0.1, 0, 0.2, 0], second: [0.3, 0, 0.1, 0], gradient: [1, 0, -2, 0] };
    for (const derivative of interpret([slope, curvature], point)) {
      expect(derivative.every(Number.isFinite)).toBe(true);
    }
    // Away from the zeros it is the true derivative.
    const at = (offset: number): number =>
      interpret([loss], { ...point, gradient: [1 + offset, 0, -2, 0] })[0]?.[0] ?? NaN;
    expect(interpret([slope], point)[0]?.[0]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 7);
  });

  it('the derivative, through a student’s AdamW step, of its later loss with respect to soft labels', () => {
    const [N, D, V] = [3, 2, 4];
    const inputs = randomValues(N * D, 5);
    checkGradients(
      {
        name: 'meta gradient',
        inputs: { teacher: { shape: [N, V] }, theta: { shape: [D * D + D * V] } },
        build: (n) => {
          const theta = node(n, 'theta');
          const x = constant(theta, inputs, [N, D], 'float32');
          const logitsOf = (flat: GraphNode): GraphNode => {
            const first = ops.reshape(ops.slice(flat, [0], [D * D]), [D, D]);
            const last = ops.reshape(ops.slice(flat, [D * D], [D * V]), [D, V]);
            return ops.matmul(gelu(ops.matmul(x, first)), last);
          };
          const labels = ops.softmax(node(n, 'teacher'));
          const inner = ops.neg(ops.mean(ops.sum(ops.mul(labels, ops.logSoftmax(logitsOf(theta))), -1)));
          const [gradient] = gradients(inner, [theta]);
          if (!gradient) throw new Error('no gradient');
          const moments = [0.3, 0.2].map((value) => constant(theta, [value], theta.shape, 'float32'));
          const stepped = adamwStep(theta, gradient, moments[0] ?? theta, moments[1] ?? theta);
          return ops.sparseCrossEntropy(logitsOf(stepped), constant(theta, [1, 3, 0], [N], 'int32'));
        },
      },
      ['full'],
    );
  });
});
