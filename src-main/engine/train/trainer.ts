import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { RunPhase, TeacherExample, TrainReport, TrainRequest } from '../../../src-shared/ipc/engine-protocol.ts';
import { kindAtStep } from '../../../src-shared/run/checkpoint-kind.ts';
import type { Session, TensorData } from '../executors/executor.ts';
import type { Objective, StepMetrics } from '../objectives/objective.ts';
import { updateBest } from './best-scores.ts';
import { IntervalMetrics } from './interval-metrics.ts';
import { Pace } from './pace.ts';
import { SeriesBuffer } from './series-buffer.ts';
import type { TrainControl } from './train-control.ts';
import {
  STUDENT_PARAMETERS,
  type RunData,
  type RunSource,
  type ScoreBatch,
  type TrainParts,
  type Variables,
} from './train-parts.ts';
import { crosses, runLength, stepMeasuresFeedback, type TrainState } from './train-state.ts';

/** A step in which a model has no finite loss may pass; this many in a row mean that the run is lost. */
export const NON_FINITE_STEPS_LIMIT = 100;

/**
 * Trains to the end, or until `control` asks to stop; reports in order. What it computes is a function of request
 * and data alone: reports that depend on the clock (progress) carry no results.
 * @throws AppError whatever the parts throw; run/failed when the losses stay NaN
 */
export async function* train<Data extends RunData>(
  request: TrainRequest,
  control: TrainControl,
  parts: TrainParts<Data>,
): AsyncGenerator<TrainReport, void, void> {
  yield phase('preparing-data');
  const { config, start } = request;
  const data = await parts.prepareData(config, request.dataDirectory);
  const objective = parts.buildObjective(config, data);
  const restored = start.kind === 'resume' ? await parts.checkpoints.loadAll(start.file, config, objective) : undefined;
  const variables: Record<string, TensorData> = { ...(restored?.variables ?? objective.initialState(config.seed)) };
  if (start.kind === 'weights') variables[STUDENT_PARAMETERS] = await parts.checkpoints.loadStudent(start.file, config);

  yield phase('compiling');
  const source = data.openSource((restored?.state.step ?? 0) * config.training.accumulation);
  try {
    yield* trainFrom(request, control, parts, { data, source, objective, variables, restored: restored?.state });
  } finally {
    await source.dispose();
  }
}

type OpenParts = Pick<TrainParts, 'openExecutor' | 'checkpoints'>;

interface Beginning {
  readonly data: RunData;
  readonly source: RunSource;
  readonly objective: Objective;
  readonly variables: Variables;
  readonly restored: TrainState | undefined;
}

async function* trainFrom(
  request: TrainRequest,
  control: TrainControl,
  parts: OpenParts,
  beginning: Beginning,
): AsyncGenerator<TrainReport, void, void> {
  const { config } = request;
  const { objective, variables, restored } = beginning;
  const { executor, reason } = await parts.openExecutor(config, restored?.executor);
  try {
    const { name, device, versions } = executor.info;
    yield { type: 'executor', name, device, versions: { ...versions }, reason };
    const session = await executor.compile(objective.program, { xla: config.engine.xla });
    try {
      await session.writeAll(variables);
      const state = restored ?? freshState(name, device);
      if (restored !== undefined && state.device !== device) {
        const message = `This run began on ${state.device}; on ${device} its last bits may differ.`;
        yield { type: 'warning', ...position(config, state.step), message };
        state.device = device;
      }
      yield* new Training(request, control, parts, beginning, session, state).run();
    } finally {
      session.dispose();
    }
  } finally {
    executor.dispose();
  }
}

function freshState(executor: string, device: string): TrainState {
  return { step: 0, executor, device, best: {}, scores: {}, interval: {}, nonFiniteStreak: 0, nonFiniteSteps: 0 };
}

function phase(name: RunPhase): TrainReport {
  return { type: 'phase', phase: name };
}

function position(config: RunConfig, step: number): { step: number; examplesSeen: number } {
  return { step, examplesSeen: step * runLength(config).examplesPerStep };
}

/** One training under way: the loop over steps and what falls due between them. */
class Training {
  readonly #request: TrainRequest;
  readonly #control: TrainControl;
  readonly #parts: OpenParts;
  readonly #data: RunData;
  readonly #source: RunSource;
  readonly #objective: Objective;
  readonly #session: Session;
  readonly #state: TrainState;
  readonly #interval: IntervalMetrics;
  readonly #series = new SeriesBuffer();
  readonly #pace = new Pace();
  readonly #length: ReturnType<typeof runLength>;
  /** Checkpoint kind -> file. */
  readonly #files: Map<string, string>;

  constructor(
    request: TrainRequest,
    control: TrainControl,
    parts: OpenParts,
    { data, source, objective }: Beginning,
    session: Session,
    state: TrainState,
  ) {
    this.#request = request;
    this.#control = control;
    this.#parts = parts;
    this.#data = data;
    this.#source = source;
    this.#objective = objective;
    this.#session = session;
    this.#state = state;
    this.#interval = new IntervalMetrics(state.interval);
    this.#length = runLength(request.config);
    this.#files = new Map(Object.entries(request.bestFiles));
  }

  async *run(): AsyncGenerator<TrainReport, void, void> {
    const state = this.#state;
    const { totalSteps } = this.#length;
    let announced = false;
    while (state.step < totalSteps) {
      if (this.#control.stopRequested) {
        yield* this.#save('latest');
        yield { type: 'stopped', ...this.#at() };
        return;
      }
      if (this.#control.pauseRequested) yield* this.#pause();
      const metrics = await this.#step();
      if (!announced) {
        announced = true;
        yield phase('training');
      }
      yield* this.#afterStep(metrics);
      const { letOthersRun, report } = this.#pace.tick();
      if (report) yield this.#progress();
      if (letOthersRun) await new Promise((resolve) => setImmediate(resolve));
    }
    yield* this.#finish();
  }

  /** One optimizer step: G micro-batches in one or more calls. */
  async #step(): Promise<StepMetrics> {
    const { config } = this.#request;
    const { accumulation } = config.training;
    const perCall = this.#objective.microBatchesPerCall;
    const wantsFeedback = stepMeasuresFeedback(config, this.#state.step);
    let last: StepMetrics | undefined;
    for (let done = 0; done < accumulation; done += perCall) {
      const first = this.#state.step * accumulation + done;
      const batches = Array.from({ length: perCall }, (_, k) => this.#source.microBatch(first + k));
      const isLast = done + perCall >= accumulation;
      const call = this.#objective.trainingCall(batches, first, wantsFeedback && isLast);
      const fetched = await this.#session.run(call.functionName, call.feeds);
      const metrics = this.#objective.stepMetrics(call, fetched, first);
      this.#interval.add(metrics);
      last = metrics;
    }
    if (last === undefined) throw new AppError('internal', 'A step without micro-batches.');
    this.#state.step += 1;
    return last;
  }

  async *#afterStep(metrics: StepMetrics): AsyncGenerator<TrainReport> {
    const { training } = this.#request.config;
    const now = this.#at();
    const before = now.examplesSeen - this.#length.examplesPerStep;
    const isLast = now.step === this.#length.totalSteps;
    yield* this.#watchLosses(metrics);
    if (now.step % training.logEverySteps === 0 || isLast) this.#log();
    const { teacherExamplesEveryExamples: every } = training;
    if (crosses(every, before, now.examplesSeen) || (isLast && every > 0)) yield* this.#teacherExamples(metrics);
    if (crosses(training.evaluateEveryExamples, before, now.examplesSeen) || isLast) yield* this.#evaluate();
    if (crosses(training.keepCheckpointEveryExamples, before, now.examplesSeen))
      yield* this.#save(kindAtStep(now.step));
    if (crosses(training.checkpointEveryExamples, before, now.examplesSeen) || isLast) yield* this.#save('latest');
  }

  /** Counts steps without a finite loss, warns at the first, ends the run when they go on. */
  async *#watchLosses(metrics: StepMetrics): AsyncGenerator<TrainReport> {
    const state = this.#state;
    if (!isLost(metrics)) {
      state.nonFiniteStreak = 0;
      return;
    }
    state.nonFiniteStreak += 1;
    state.nonFiniteSteps += 1;
    if (state.nonFiniteSteps === 1) {
      const message = 'A model has no finite loss at this step; the run goes on. Such steps are counted and shown.';
      yield { type: 'warning', ...this.#at(), message };
    }
    const atEnd = state.step === this.#length.totalSteps && state.nonFiniteSteps === state.step;
    if (state.nonFiniteStreak < NON_FINITE_STEPS_LIMIT && !atEnd) return;
    this.#log();
    yield this.#progress();
    const { learningRate, warmupSteps } = this.#request.config.optimizer;
    throw new AppError(
      'run/failed',
      `A model's losses are NaN or infinite in each of the last ${state.nonFiniteStreak} steps (up to step ${state.step}): its ` +
        `weights have diverged and will not come back. Start again with a lower optimizer.learningRate (now ${learningRate}) or ` +
        `a longer optimizer.warmupSteps (now ${warmupSteps}); the best checkpoints so far are kept.`,
      { step: state.step, nonFiniteSteps: state.nonFiniteSteps },
    );
  }

  #log(): void {
    const { step } = this.#state;
    const { means, nonFinite } = this.#interval.take();
    for (const [name, value] of means) this.#series.add(name, step, value);
    if (nonFinite > 0) this.#series.add('nonFinite', step, nonFinite);
    this.#series.add('samplesPerSecond', step, this.#pace.samplesPerSecond(this.#at().examplesSeen));
    const waited = this.#source.takeWaitedShare?.();
    if (waited !== undefined) this.#series.add('dataWaitShare', step, waited);
  }

  /** What the teacher now makes of the probe texts. */
  async *#teacherExamples(metrics: StepMetrics): AsyncGenerator<TrainReport> {
    const objective = this.#objective;
    const { probe } = this.#data;
    if (objective.writingCall === undefined || objective.written === undefined || probe.length === 0) return;
    yield this.#progress();
    const examples: TeacherExample[] = [];
    const entropy = { x: 0, y: 0 };
    for (const [index, part] of probe.entries()) {
      const call = objective.writingCall(part.xU, index);
      const fetched = await this.#pace.excluding(() => this.#session.run(call.functionName, call.feeds));
      const written = objective.written(fetched, part.xU);
      examples.push(...this.#data.describeTeacherExamples(part, written));
      entropy.x += written.entropyX * part.textIndexes.length;
      entropy.y += written.entropyY * part.textIndexes.length;
    }
    const feedback = metrics['feedback.h'];
    const measured = feedback === undefined ? {} : { feedback };
    const mean = { x: entropy.x / examples.length, y: entropy.y / examples.length };
    yield { type: 'teacher-examples', ...this.#at(), ...measured, entropy: mean, examples };
  }

  async *#evaluate(): AsyncGenerator<TrainReport> {
    if (!this.#data.evaluationSplits.includes('validation')) return;
    yield this.#progress();
    yield phase('evaluating');
    const { scores, classMap } = await this.#pace.excluding(() => this.#data.evaluateSplit('validation', this.#score));
    const at = this.#at();
    this.#state.scores = finite(scores);
    const map = classMap === undefined ? {} : { classMap };
    yield { type: 'evaluation', ...at, split: 'validation', weights: 'current', scores: { ...scores }, ...map };
    for (const metric of updateBest(this.#state.best, scores, at.step)) yield* this.#save(`best-${metric}`);
    yield phase('training');
  }

  readonly #score: ScoreBatch = async (x, y) => {
    const call = this.#objective.evaluationCall(x, y);
    return this.#objective.evaluation(await this.#session.run(call.functionName, call.feeds), x, y);
  };

  /** Reports what was logged first, so that a stored checkpoint never is ahead of its run's stored metrics. */
  async *#save(kind: string): AsyncGenerator<TrainReport> {
    yield this.#progress();
    const saved = await this.#pace.excluding(async () => {
      const state = structuredClone({ ...this.#state, interval: this.#interval.state() });
      const variables = await this.#session.readAll();
      const content = { kind, variables, state, scores: state.scores };
      const { runId, config, checkpointDirectory: directory } = this.#request;
      return this.#parts.checkpoints.save(content, { runId, config, directory, objective: this.#objective });
    });
    this.#files.set(kind, saved.file);
    yield { type: 'checkpoint', ...this.#at(), kind, ...saved, scores: { ...this.#state.scores } };
  }

  async *#pause(): AsyncGenerator<TrainReport> {
    yield* this.#save('latest');
    yield { type: 'paused', ...this.#at() };
    await this.#pace.excluding(() => this.#control.whilePaused());
    yield { type: 'continued', ...this.#at() };
  }

  /** Scores of the validation split, and of the test split for the latest and each best checkpoint. */
  async *#finish(): AsyncGenerator<TrainReport> {
    const scores: Record<string, number> = {};
    for (const [metric, value] of Object.entries(this.#state.scores)) scores[`validation.latest.${metric}`] = value;
    for (const [metric, { value }] of Object.entries(this.#state.best)) scores[`validation.best.${metric}`] = value;
    if (this.#data.evaluationSplits.includes('test')) yield* this.#test(scores);
    yield this.#progress();
    yield { type: 'finished', ...this.#at(), scores };
  }

  async *#test(scores: Record<string, number>): AsyncGenerator<TrainReport> {
    yield phase('testing');
    const kinds = ['latest', ...Object.keys(this.#state.best).map((metric) => `best-${metric}`)];
    for (const weights of kinds) {
      const file = this.#files.get(weights);
      if (weights !== 'latest') {
        if (file === undefined) continue;
        const parameters = await this.#parts.checkpoints.loadStudent(file, this.#request.config);
        await this.#session.write(STUDENT_PARAMETERS, parameters);
      }
      const evaluation = await this.#data.evaluateSplit('test', this.#score);
      const map = evaluation.classMap === undefined ? {} : { classMap: evaluation.classMap };
      yield { type: 'evaluation', ...this.#at(), split: 'test', weights, scores: { ...evaluation.scores }, ...map };
      for (const [metric, value] of Object.entries(evaluation.scores)) scores[`test.${weights}.${metric}`] = value;
    }
  }

  #at(): { step: number; examplesSeen: number } {
    return { step: this.#state.step, examplesSeen: this.#state.step * this.#length.examplesPerStep };
  }

  #progress(): TrainReport {
    const { totalSteps, totalExamples } = this.#length;
    const at = this.#at();
    const samplesPerSecond = this.#pace.samplesPerSecond(at.examplesSeen);
    return {
      type: 'progress',
      progress: { ...at, totalSteps, totalExamples, samplesPerSecond },
      series: this.#series.take(),
    };
  }
}

function finite(scores: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).filter(([, value]) => Number.isFinite(value)));
}

/** Whether a model (the metrics' first word) reports losses and none of them is finite. */
function isLost(metrics: StepMetrics): boolean {
  const finite = new Map<string, boolean>();
  for (const name in metrics) {
    if (!/loss/i.test(name)) continue;
    const model = name.slice(0, name.indexOf('.'));
    finite.set(model, finite.get(model) === true || Number.isFinite(metrics[name]));
  }
  return [...finite.values()].includes(false);
}
