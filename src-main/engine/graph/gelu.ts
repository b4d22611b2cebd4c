import * as ops from './ops.ts';
import type { GraphNode } from './types.ts';

/** 1 / sqrt(2 pi), the height of the normal density. */
const DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);

/**
 * Exact GELU, x Phi(x) with Phi the normal distribution function, with derivatives in closed form:
 * Phi(x) + x phi(x), then (2 - x^2) phi(x).
 */
export function gelu(x: GraphNode): GraphNode {
  const distribution = ops.add(ops.mul(ops.erf(ops.mul(x, Math.SQRT1_2)), 0.5), 0.5);
  return ops.withDerivative(ops.mul(x, distribution), [x], (c) => {
    const squared = ops.square(x);
    const density = ops.mul(ops.exp(ops.mul(squared, -0.5)), DENSITY_AT_ZERO);
    const slope = ops.withDerivative(ops.add(distribution, ops.mul(x, density)), [x], (c2) => [
      ops.mul(c2, ops.mul(density, ops.sub(2, squared))),
    ]);
    return [ops.mul(c, slope)];
  });
}
