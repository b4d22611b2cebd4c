import { preset } from '../../../src-shared/config/presets/preset.ts';
import { textBench } from '../../../src-shared/config/presets/text-bench.ts';
import type { ObjectiveName, RunConfig } from '../../../src-shared/config/run-config.ts';

export const BENCH_WORKLOADS = ['two-moons', 'text'] as const;
export type BenchWorkload = (typeof BENCH_WORKLOADS)[number];

/** What is measured and on what. */
export interface BenchTarget {
  readonly workload: BenchWorkload;
  readonly objective: ObjectiveName;
  readonly executor: RunConfig['engine']['executor'];
  /** Rows of a micro-batch; Two Moons 4 (fine-tuning 16), text 16 when left out. */
  readonly batch?: number;
  readonly xla?: boolean;
  readonly matmulPrecision?: RunConfig['engine']['matmulPrecision'];
}

/** The configuration that a benchmark measures: the report's settings of the workload. */
export function benchConfig(target: BenchTarget): RunConfig {
  const { workload, objective, batch } = target;
  const config =
    workload === 'text'
      ? textBench(objective)
      : preset(objective === 'finetune' ? 'two-moons-finetune-160' : `two-moons-${objective}`);
  if (batch !== undefined) {
    config.training.batchSize = batch;
    config.training.samplesPerTask = batch;
  }
  config.engine.executor = target.executor;
  if (target.xla !== undefined) config.engine.xla = target.xla;
  if (target.matmulPrecision !== undefined) config.engine.matmulPrecision = target.matmulPrecision;
  return config;
}
