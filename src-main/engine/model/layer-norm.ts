import { add, mean, mul, rsqrt, square, sub } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { overRows } from './linear.ts';
import type { ModelContext } from './model-context.ts';

const EPSILON = 1e-5;

/** LayerNorm `name` over the last axis of [...C, R, D]: (x - mean) / sqrt(variance + 1e-5) * weight + bias. */
export function layerNorm(context: ModelContext, x: GraphNode, name: string): GraphNode {
  const centered = sub(x, mean(x, -1, true));
  const variance = mean(square(centered), -1, true);
  const normal = mul(centered, rsqrt(add(variance, EPSILON)));
  const { parameters } = context;
  return add(mul(normal, overRows(parameters.get(`${name}.weight`))), overRows(parameters.get(`${name}.bias`)));
}
