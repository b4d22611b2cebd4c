import type { ModelConfig } from '../../../src-shared/config/run-config.ts';
import { gelu } from '../graph/gelu.ts';
import { maximum } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';

/** Exact GELU, x/2 (1 + erf(x / sqrt 2)), or ReLU. */
export function activation(model: ModelConfig, x: GraphNode): GraphNode {
  return model.activation === 'relu' ? maximum(x, 0) : gelu(x);
}
