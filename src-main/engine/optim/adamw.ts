import type { OptimizerConfig } from '../../../src-shared/config/run-config.ts';
import { add, div, equal, mul, select, sqrt, square, sub } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';

/** What one AdamW step needs of its step number; scalars, fed. */
export interface AdamWScalars {
  /** 1 - lr * weightDecay */
  readonly decay: GraphNode;
  /** lr / (1 - beta1^t) */
  readonly stepSize: GraphNode;
  /** 1 / sqrt(1 - beta2^t) */
  readonly secondMomentScale: GraphNode;
}

export interface AdamWState {
  readonly parameters: GraphNode;
  readonly firstMoment: GraphNode;
  readonly secondMoment: GraphNode;
}

/** Values of `AdamWScalars` for optimizer step t = 1, 2, … at learning rate `lr`. */
export function adamWScalars(optimizer: OptimizerConfig, t: number, lr: number): Record<keyof AdamWScalars, number> {
  return {
    decay: 1 - lr * optimizer.weightDecay,
    stepSize: lr / (1 - optimizer.beta1 ** t),
    secondMomentScale: 1 / Math.sqrt(1 - optimizer.beta2 ** t),
  };
}

/**
 * One step of AdamW (decoupled weight decay on every parameter) over flat vectors; shapes broadcast, so a state [P] with
 * gradients [C, P] gives C stepped copies. `differentiable` gives sqrt the derivative 0 where the second moment is 0
 * (instead of infinity), so that the step can be differentiated.
 */
export function adamW(
  state: AdamWState,
  gradient: GraphNode,
  scalars: AdamWScalars,
  optimizer: OptimizerConfig,
  differentiable = false,
): AdamWState {
  const { beta1, beta2, epsilon } = optimizer;
  const firstMoment = add(mul(state.firstMoment, beta1), mul(gradient, 1 - beta1));
  const secondMoment = add(mul(state.secondMoment, beta2), mul(square(gradient), 1 - beta2));
  const root = differentiable ? maskedSqrt(secondMoment) : sqrt(secondMoment);
  const denominator = add(mul(root, scalars.secondMomentScale), epsilon);
  const parameters = sub(mul(state.parameters, scalars.decay), mul(scalars.stepSize, div(firstMoment, denominator)));
  return { parameters, firstMoment, secondMoment };
}

function maskedSqrt(x: GraphNode): GraphNode {
  const isZero = equal(x, 0);
  return select(isZero, 0, sqrt(select(isZero, 1, x)));
}
