import { describe, expect, it } from 'vitest';
import { gradients } from '../../../../src-main/engine/graph/differentiate.ts';
import { Graph } from '../../../../src-main/engine/graph/graph.ts';
import { interpret } from '../../../../src-main/engine/graph/interpreter.ts';
import { sum } from '../../../../src-main/engine/graph/ops.ts';
import { adamW, adamWScalars } from '../../../../src-main/engine/optim/adamw.ts';
import { clipByGlobalNorm } from '../../../../src-main/engine/optim/clip-by-global-norm.ts';

const optimizer = {
  learningRate: 0.1,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-6,
  weightDecay: 0.01,
  maxGradNorm: 5,
  warmupSteps: 1,
  decayPower: -0.5,
  decayForever: true,
};

/** The update rule written out for one number, as the paper states it. */
function byHand(theta: number, m: number, v: number, g: number, t: number, lr: number): [number, number, number] {
  const m1 = 0.9 * m + 0.1 * g;
  const v1 = 0.98 * v + 0.02 * g * g;
  const direction = m1 / (1 - 0.9 ** t) / (Math.sqrt(v1 / (1 - 0.98 ** t)) + 1e-6);
  return [theta - lr * 0.01 * theta - lr * direction, m1, v1];
}

function stepGraph(differentiable: boolean) {
  const graph = new Graph();
  const vector = (name: string) => graph.input(name, [3]);
  const gradient = vector('g');
  const scalar = (name: string) => graph.input(name, []);
  const state = { parameters: vector('theta'), firstMoment: vector('m'), secondMoment: vector('v') };
  const scalars = {
    decay: scalar('decay'),
    stepSize: scalar('stepSize'),
    secondMomentScale: scalar('secondMomentScale'),
  };
  return { gradient, next: adamW(state, gradient, scalars, optimizer, differentiable) };
}

const feeds = { theta: [1, -2, 3], m: [0.5, 0, -0.1], v: [0.2, 0, 0.4], g: [0.3, 0, -2] };

describe('adamW', () => {
  it.each([false, true])('follows the update rule (differentiable: %s)', (differentiable) => {
    const { next } = stepGraph(differentiable);
    const scalars = Object.fromEntries(
      Object.entries(adamWScalars(optimizer, 7, 0.05)).map(([name, value]) => [name, [value]]),
    );
    const [theta, m, v] = interpret([next.parameters, next.firstMoment, next.secondMoment], { ...feeds, ...scalars });
    for (let i = 0; i < 3; i++) {
      const expected = byHand(feeds.theta[i] ?? 0, feeds.m[i] ?? 0, feeds.v[i] ?? 0, feeds.g[i] ?? 0, 7, 0.05);
      expect(theta?.[i]).toBeCloseTo(expected[0], 12);
      expect(m?.[i]).toBeCloseTo(expected[1], 12);
      expect(v?.[i]).toBeCloseTo(expected[2], 12);
    }
  });

  it('has a finite derivative where the second moment is 0, only in its differentiable form', () => {
    const scalars = Object.fromEntries(
      Object.entries(adamWScalars(optimizer, 1, 0.05)).map(([name, value]) => [name, [value]]),
    );
    const derivative = (differentiable: boolean): number[] => {
      const { gradient, next } = stepGraph(differentiable);
      const [result] = interpret(gradients(sum(next.parameters), [gradient]), { ...feeds, ...scalars });
      return Array.from(result ?? []);
    };
    expect(derivative(true).every(Number.isFinite)).toBe(true);
    // Around g = 0 with empty moments the masked step is linear: -stepSize * (1 - beta1) / epsilon.
    expect(derivative(true)[1]).toBeCloseTo(((-0.05 / 0.1) * 0.1) / 1e-6, 3);
    expect(Number.isFinite(derivative(false)[1])).toBe(false);
  });
});

describe('clipByGlobalNorm', () => {
  const clipped = (values: number[], limit: number): number[] => {
    const graph = new Graph();
    const { gradient, norm } = clipByGlobalNorm(graph.input('g', [values.length]), limit);
    const [vector, length] = interpret([gradient, norm], { g: values });
    expect(length?.[0]).toBeCloseTo(Math.hypot(...values), 12);
    return Array.from(vector ?? []);
  };
  it('shortens what is longer than the limit', () => {
    const scale = 2.5 / (5 + 1e-6);
    expect(clipped([3, 4], 2.5)).toEqual([3 * scale, 4 * scale]);
  });
  it('leaves shorter gradients, and zero, alone', () => {
    expect(clipped([3, 4], 5.1)).toEqual([3, 4]);
    expect(clipped([0, 0], 1)).toEqual([0, 0]);
  });
});
