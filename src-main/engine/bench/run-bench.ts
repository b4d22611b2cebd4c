import { AppError } from '../../../src-shared/app-error.ts';
import { measureMatmulPeak } from '../executors/tensorflow/matmul-peak.ts';
import { buildObjective } from '../objectives/build-objective.ts';
import { openExecutor } from '../train/open-executor.ts';
import { prepareRunData } from '../train/run-data.ts';
import { benchConfig } from './bench-config.ts';
import type { BenchTarget, BenchWorkload } from './bench-config.ts';
import { BenchLoop } from './bench-loop.ts';
import { neededFlopsPerStep } from './needed-flops.ts';
import { quantile } from './step-times.ts';

export interface BenchOptions extends BenchTarget {
  /** Optimizer steps that are measured, after the warm-up. */
  readonly steps?: number;
  /** Takes lines for people: the executor, what is left out of the times. */
  readonly note?: (line: string) => void;
}

/** What `metalmo bench` prints. */
export interface BenchResult {
  /** Examples per second over the whole measured loop, data preparation included. */
  readonly samplesPerSecond: number;
  /** One optimizer step with all its micro-batches, data preparation included. */
  readonly stepMsMedian: number;
  readonly stepMsP95: number;
  /** Most memory that the process had resident, compiling included. */
  readonly peakRssBytes: number;
  /** Matrix-product work that the method needs, per median step, over the measured peak of 1024^3 float32 products. */
  readonly matmulShare: number;
  readonly executor: string;
  readonly device: string;
}

/** Optimizer steps. The warm-up compiles every function that the steps call, and lets caches and clocks settle. */
const STEPS: Readonly<Record<BenchWorkload, { readonly measured: number; readonly warmUp: number }>> = {
  'two-moons': { measured: 1000, warmUp: 250 },
  text: { measured: 5, warmUp: 2 },
};

/**
 * Trains for some steps as the trainer does and measures. Loading the data, compiling and the warm-up are not in the times.
 * @throws AppError executor/unavailable, executor/failed, config/invalid
 */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const { warmUp } = STEPS[options.workload];
  const measured = options.steps ?? STEPS[options.workload].measured;
  if (!Number.isInteger(measured) || measured < 1) {
    throw new AppError('config/invalid', `steps is ${measured}; expected a whole number of at least 1.`);
  }
  const config = benchConfig(options);
  const note = options.note ?? (() => undefined);
  // both workloads are generated
  const data = await prepareRunData(config, '');
  const objective = buildObjective(config, data.objectiveOptions);
  const { executor, reason } = await openExecutor(config, undefined);
  const source = data.openSource(0);
  try {
    note(reason);
    const beganMs = performance.now();
    const session = await executor.compile(objective.program, { xla: config.engine.xla });
    try {
      await session.writeAll(objective.initialState(config.seed));
      const loop = new BenchLoop(config, objective, session, source);
      await loop.run(warmUp);
      const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
      note(`not counted: ${seconds} s of compiling and ${warmUp} warm-up steps`);
      const { stepMs, totalMs } = await loop.run(measured);
      // read before the measurement of the peak can add to it
      const peakRssBytes = process.resourceUsage().maxRSS * 1024;
      const peakGflopsPerSecond = await measureMatmulPeak(executor);
      const { batchSize, accumulation } = config.training;
      const needed = neededFlopsPerStep(config, data.shapes);
      const stepMsMedian = quantile(stepMs, 0.5);
      note(
        `${measured} steps of ${accumulation} x ${batchSize} examples, ${(needed / 1e9).toPrecision(3)} GFLOP needed per step; ` +
          `peak ${peakGflopsPerSecond.toFixed(0)} GFLOP/s`,
      );
      return {
        samplesPerSecond: (1000 * measured * accumulation * batchSize) / totalMs,
        stepMsMedian,
        stepMsP95: quantile(stepMs, 0.95),
        peakRssBytes,
        matmulShare: needed / (stepMsMedian * 1e6) / peakGflopsPerSecond,
        executor: executor.info.name,
        device: executor.info.device,
      };
    } finally {
      session.dispose();
    }
  } finally {
    await source.dispose();
    executor.dispose();
  }
}
