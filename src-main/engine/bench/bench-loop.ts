import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { BatchSource } from '../data/micro-batch.ts';
import type { Session } from '../executors/executor.ts';
import type { Objective } from '../objectives/objective.ts';
import { stepMeasuresFeedback } from '../train/train-state.ts';
import type { StepTimes } from './step-times.ts';

/** The trainer's loop without reports, evaluation and checkpoints: batches, call, metrics, step after step. */
export class BenchLoop {
  readonly #config: RunConfig;
  readonly #objective: Objective;
  readonly #session: Session;
  readonly #source: BatchSource;
  #step = 0;

  constructor(config: RunConfig, objective: Objective, session: Session, source: BatchSource) {
    this.#config = config;
    this.#objective = objective;
    this.#session = session;
    this.#source = source;
  }

  /** Runs `count` steps and says how long each took. */
  async run(count: number): Promise<StepTimes> {
    const stepMs: number[] = [];
    const beganMs = performance.now();
    let beforeMs = beganMs;
    for (let i = 0; i < count; i++) {
      await this.#oneStep();
      const nowMs = performance.now();
      stepMs.push(nowMs - beforeMs);
      beforeMs = nowMs;
    }
    return { stepMs, totalMs: beforeMs - beganMs };
  }

  /** One optimizer step: G micro-batches in one or more calls; MLM measures h where it would be logged. */
  async #oneStep(): Promise<void> {
    const { accumulation } = this.#config.training;
    const perCall = this.#objective.microBatchesPerCall;
    const wantsFeedback = stepMeasuresFeedback(this.#config, this.#step);
    for (let done = 0; done < accumulation; done += perCall) {
      const first = this.#step * accumulation + done;
      const batches = Array.from({ length: perCall }, (_, k) => this.#source.microBatch(first + k));
      const isLast = done + perCall >= accumulation;
      const call = this.#objective.trainingCall(batches, first, wantsFeedback && isLast);
      const fetched = await this.#session.run(call.functionName, call.feeds);
      this.#objective.stepMetrics(call, fetched, first);
    }
    this.#step += 1;
  }
}
