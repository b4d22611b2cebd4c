import { concat, reshape } from '../graph/ops.ts';
import type { GraphNode } from '../graph/types.ts';
import type { TensorData } from '../executors/executor.ts';
import type { StepMetrics } from './objective.ts';

/** Scalar nodes fetched together as one vector. */
export interface MetricVector {
  readonly node: GraphNode;
  readonly names: readonly string[];
}

export const METRICS_FETCH = 'metrics';

export function metricVector(scalars: Readonly<Record<string, GraphNode>>): MetricVector {
  const names = Object.keys(scalars);
  return {
    names,
    node: concat(
      Object.values(scalars).map((scalar) => reshape(scalar, [1])),
      0,
    ),
  };
}

/** The fetched vector as named numbers. */
export function readMetrics(vector: MetricVector, fetched: Readonly<Record<string, TensorData>>): StepMetrics {
  const values = fetched[METRICS_FETCH];
  if (values?.length !== vector.names.length) {
    throw new Error(`expected ${vector.names.length} metrics, got ${values?.length ?? 'none'}`);
  }
  return Object.fromEntries(vector.names.map((name, i) => [name, values[i] ?? Number.NaN]));
}
