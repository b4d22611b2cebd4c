import type { IdMatrix, MicroBatch, MetaMicroBatch } from '../data/micro-batch.ts';
import type { CompileOptions, Executor, Session, TensorData } from '../executors/executor.ts';
import type { Objective, StepMetrics } from '../objectives/objective.ts';
import { countTargets } from '../objectives/row-weights.ts';
import type { Fixture } from './fixture-files.ts';

/** What one training call returned. */
export interface CallResult {
  readonly metrics: StepMetrics;
  readonly fetched: Readonly<Record<string, TensorData>>;
}

/** An objective on an executor, started from given weights. */
export class TrainingSession {
  readonly #objective: Objective;
  readonly #session: Session;

  private constructor(objective: Objective, session: Session) {
    this.#objective = objective;
    this.#session = session;
  }

  static async start(
    executor: Executor,
    objective: Objective,
    parameters: Readonly<Record<string, Float64Array>>,
    options: CompileOptions,
  ): Promise<TrainingSession> {
    const session = await executor.compile(objective.program, options);
    const given = Object.entries(parameters).map(([name, values]) => [name, Float32Array.from(values)] as const);
    await session.writeAll({ ...objective.initialState(0), ...Object.fromEntries(given) });
    return new TrainingSession(objective, session);
  }

  async call(
    microBatches: readonly MicroBatch[],
    firstIndex: number,
    extraFeeds: Readonly<Record<string, TensorData>> = {},
    logFeedback = false,
  ): Promise<CallResult> {
    const call = this.#objective.trainingCall(microBatches, firstIndex, logFeedback);
    const fetched = await this.#session.run(call.functionName, { ...call.feeds, ...extraFeeds });
    return { fetched, metrics: this.#objective.stepMetrics(call, fetched, firstIndex) };
  }

  /** All are read at once: the first call of each kind is what takes long. */
  async read(variable: string): Promise<TensorData> {
    const found = (await this.#session.readAll())[variable];
    if (found === undefined) throw new Error(`no variable "${variable}"`);
    return found;
  }

  dispose(): void {
    this.#session.dispose();
  }
}

const META_PARTS = ['x_u', 'x_m', 'y_m', 'x_s', 'y_s', 'x_q', 'y_q'] as const;

/** Recorded micro-batch `i` of a meta case. */
export function recordedMeta(fixture: Fixture, i: number): MetaMicroBatch {
  const [xU, xM, yM, xS, yS, xQ, yQ] = META_PARTS.map((part) => fixture.tensors.ids(`batch${i}.${part}`));
  if (!xU || !xM || !yM || !xS || !yS || !xQ || !yQ) throw new Error('a part is missing');
  return { kind: 'meta', xU, xM, yM, xS, yS, xQ, yQ };
}

/** The most targets (ids that are not PAD) that any of the given target batches has. */
export function mostTargets(ys: readonly { ids: Int32Array }[]): number {
  return Math.max(1, ...ys.map((y) => y.ids.reduce((count, id) => count + (id === 0 ? 0 : 1), 0)));
}

/** Most targets in one row. */
export function mostTargetsOfARow(ys: readonly IdMatrix[]): number {
  return Math.max(1, ...ys.flatMap((y) => [...countTargets(y)]));
}

/** The lengths that recorded support and query examples have, ascending. */
export function labeledLengthsIn(batches: readonly MetaMicroBatch[]): number[] {
  const lengths = batches.map((batch) => Math.max(batch.xS.length, batch.xQ.length));
  return [...new Set(lengths)].sort((a, b) => a - b);
}
