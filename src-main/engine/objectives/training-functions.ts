import type { TensorData } from '../executors/executor.ts';
import type { ProgramFunction } from '../graph/program.ts';
import type { GraphNode } from '../graph/types.ts';
import { METRICS_FETCH, metricVector, readMetrics, type MetricVector } from './metric-vector.ts';
import type { StepMetrics } from './objective.ts';

/** The training functions of a program and what their metric vectors mean. */
export class TrainingFunctions {
  readonly functions: Record<string, ProgramFunction> = {};
  readonly #vectors = new Map<string, MetricVector>();

  /** `inspected` nodes are fetched beside the metrics. */
  add(
    name: string,
    metrics: Readonly<Record<string, GraphNode>>,
    updates: Readonly<Record<string, GraphNode>>,
    inspected: Readonly<Record<string, GraphNode>> = {},
  ): void {
    const vector = metricVector(metrics);
    this.#vectors.set(name, vector);
    this.functions[name] = { fetches: { [METRICS_FETCH]: vector.node, ...inspected }, updates };
  }

  read(name: string, fetched: Readonly<Record<string, TensorData>>): StepMetrics {
    const vector = this.#vectors.get(name);
    if (vector === undefined) throw new Error(`"${name}" is no training function`);
    return readMetrics(vector, fetched);
  }
}
