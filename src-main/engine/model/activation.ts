import type { ModelConfig } from '../../../src-shared/config/run-config.ts';
import { add, erf, maximum, mul } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';

/** Exact GELU, x/2 (1 + erf(x / sqrt 2)), or ReLU. */
export function activation(model: ModelConfig, x: GraphNode): GraphNode {
  if (model.activation === 'relu') return maximum(x, 0);
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}
