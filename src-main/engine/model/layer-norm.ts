import { normalizeRows } from '../graph/normalize-rows.ts';
import { add, mul } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import { overRows } from './linear.ts';
import type { ModelContext } from './model-context.ts';

const EPSILON = 1e-5;

/** LayerNorm `name` over the last axis of [...C, R, D]: (x - mean) / sqrt(variance + 1e-5) * weight + bias. */
export function layerNorm(context: ModelContext, x: GraphNode, name: string): GraphNode {
  const { parameters } = context;
  return add(
    mul(normalizeRows(x, EPSILON), overRows(parameters.get(`${name}.weight`))),
    overRows(parameters.get(`${name}.bias`)),
  );
}
