import { AppError } from '../../src-shared/app-error.ts';
import { presets } from '../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { BucketedSeries } from '../../src-shared/ipc/bucketed-series.ts';
import type { EvaluationView, RunSummary, TeacherExampleView } from '../../src-shared/ipc/run-views.ts';
import { createEventBus, type EventBus } from '../../src-main/ipc/event-bus.ts';
import type { Handlers } from '../../src-main/ipc/handler.ts';

interface FakeRun {
  summary: RunSummary;
  readonly config: RunConfig;
  readonly points: Map<string, { steps: number[]; values: number[] }>;
  readonly evaluations: EvaluationView[];
  readonly examples: TeacherExampleView[];
  map: number[];
}

const SIDE = 64;
const TICK_MS = 100;
const STEPS_PER_TICK = 20;

/**
 * A studio without an engine: every request of the contract is answered, and a started run moves on by the clock
 * with numbers made by formulas. For looking at the page and for testing shells; no test of learning uses it.
 */
export function createFakeStudio(): { handlers: Handlers; events: EventBus; close: () => void } {
  const events = createEventBus();
  const runs = new Map<string, FakeRun>();
  const all = presets();
  const find = (runId: string): FakeRun => {
    const run = runs.get(runId);
    if (run === undefined) throw new AppError('registry/not-found', `There is no run '${runId}'.`);
    return run;
  };
  const change = (run: FakeRun, changes: Partial<RunSummary>): RunSummary => {
    run.summary = { ...run.summary, ...changes };
    events.publish('run.changed', run.summary);
    return run.summary;
  };
  const timer = setInterval(() => {
    for (const run of runs.values()) tick(run, events, change);
  }, TICK_MS);

  const handlers: Handlers = {
    'presets.list': () => all.map(({ name, help, config }) => ({ name, title: name, description: help, config })),
    'config.fields': () => [],
    'system.doctor': () => ({
      machine: { processor: 'fake', threads: 2, memoryBytes: 2 ** 33, gpus: [], platform: 'fake', node: '24' },
      executors: [],
      chosen: { name: 'fake', device: 'CPU', reason: 'Nothing is computed.' },
    }),
    'runs.list': () => [...runs.values()].map(({ summary }) => summary).reverse(),
    'runs.get': ({ runId }) => {
      const { summary, config, points } = find(runId);
      const event = {
        eventId: 1,
        atMs: summary.createdAtMs,
        kind: 'created',
        message: `Created from ${summary.preset ?? ''}.`,
      };
      return { summary, config, events: [event], metricNames: [...points.keys()] };
    },
    'runs.start': ({ preset, overrides }) => {
      const found = all.find(({ name }) => name === preset);
      if (found === undefined) throw new AppError('config/invalid', `There is no preset '${preset}'.`);
      if (Object.keys(overrides).some((path) => path !== 'seed')) {
        throw new AppError('config/invalid', 'The fake studio knows the field seed alone.');
      }
      const runId = `fake-${runs.size + 1}`;
      const run: FakeRun = {
        summary: newSummary(runId, preset, found.config),
        config: found.config,
        points: new Map(),
        evaluations: [],
        examples: [],
        map: [],
      };
      runs.set(runId, run);
      return change(run, {});
    },
    'runs.stop': ({ runId }) => change(find(runId), { status: 'stopped', phase: null, finishedAtMs: Date.now() }),
    'runs.pause': ({ runId }) => change(find(runId), { status: 'paused', phase: null }),
    'runs.resume': ({ runId }) => change(find(runId), { status: 'running', phase: 'training', finishedAtMs: null }),
    'metrics.read': ({ runId, names, maxBuckets }) =>
      names.map((name) => {
        const series = new BucketedSeries(name, maxBuckets);
        const { steps, values } = find(runId).points.get(name) ?? { steps: [], values: [] };
        series.append(steps, values);
        return series.snapshot();
      }),
    'evaluations.list': ({ runId }) => find(runId).evaluations,
    'evaluations.classMap': ({ runId }) => {
      const { evaluations, map } = find(runId);
      const last = evaluations.at(-1);
      return last === undefined ? null : { evaluationId: last.evaluationId, step: last.step, side: SIDE, values: map };
    },
    'data.labeledPoints': () =>
      Array.from({ length: 10 }, (_, index) => {
        const [x, y] = moon(index % 2, (index + 1) / 11);
        return { x, y, label: index % 2 };
      }),
    'teacherExamples.list': ({ runId, limit }) => find(runId).examples.slice(-limit).reverse(),
  };
  return { handlers, events, close: () => clearInterval(timer) };
}

function newSummary(runId: string, preset: string, config: RunConfig): RunSummary {
  const totalExamples = config.training.epochSize * config.training.epochs;
  return {
    runId,
    name: preset,
    preset,
    objective: config.objective,
    status: 'starting',
    phase: 'preparing-data',
    createdAtMs: Date.now(),
    startedAtMs: null,
    finishedAtMs: null,
    progress: { step: 0, totalSteps: totalExamples / 16, examplesSeen: 0, totalExamples, samplesPerSecond: 0 },
    parentRunId: null,
    executor: null,
    lastLoss: null,
    bestScores: {},
    scores: {},
    error: null,
  };
}

function tick(run: FakeRun, events: EventBus, change: (run: FakeRun, changes: Partial<RunSummary>) => void): void {
  const { summary } = run;
  const ageMs = Date.now() - summary.createdAtMs;
  if (summary.status === 'starting') {
    if (ageMs > 2000) change(run, { status: 'running', phase: 'training', executor: 'fake', startedAtMs: Date.now() });
    else if (ageMs > 700 && summary.phase !== 'compiling') change(run, { phase: 'compiling' });
    return;
  }
  const progress = summary.progress;
  if (summary.status !== 'running' || progress === null) return;
  const from = progress.step;
  const to = Math.min(progress.totalSteps, from + STEPS_PER_TICK);
  const steps = Array.from({ length: to - from }, (_, index) => from + index + 1);
  const series = Object.entries(metricsOf(run.config)).map(([name, formula]) => {
    const stored = run.points.get(name) ?? { steps: [], values: [] };
    run.points.set(name, stored);
    const values = steps.map(formula);
    stored.steps.push(...steps);
    stored.values.push(...values);
    return { name, steps, values };
  });
  events.publish('metrics.appended', { runId: summary.runId, series });
  if (Math.floor(to / 400) > Math.floor(from / 400)) evaluate(run, to, events);
  const isEnd = to === progress.totalSteps;
  change(run, {
    progress: {
      ...progress,
      step: to,
      examplesSeen: to * 16,
      samplesPerSecond: (STEPS_PER_TICK * 16 * 1000) / TICK_MS,
    },
    lastLoss: series[0]?.values.at(-1) ?? null,
    ...(isEnd ? { status: 'finished', phase: null, finishedAtMs: Date.now() } : {}),
  });
}

function metricsOf({ objective }: RunConfig): Record<string, (step: number) => number> {
  const decay = (scale: number) => (step: number) => 1.2 + 4.8 * Math.exp(-step / scale) + 0.25 * noise(step + scale);
  const rates = { 'student.learningRate': (step: number) => 0.0025 * Math.min(step / 1000, Math.sqrt(1000 / step)) };
  if (objective === 'mlm' || objective === 'finetune') {
    return {
      'student.loss': (step) => (step === 700 ? Number.NaN : decay(800)(step)),
      ...rates,
      samplesPerSecond: () => 3200,
    };
  }
  return {
    'student.lossPseudo': decay(900),
    'student.lossSupport': decay(700),
    'student.lossQuery': decay(1200),
    'feedback.h': (step) => 0.1 * Math.sin(step / 300) + 0.2 * noise(step),
    'teacher.lossXm': decay(600),
    'teacher.lossYm': decay(1500),
    ...rates,
    samplesPerSecond: (step) => 900 + 30 * noise(step),
  };
}

function evaluate(run: FakeRun, step: number, events: EventBus): void {
  const sharpness = Math.min(3, step / 800);
  run.map = Array.from({ length: SIDE * SIDE }, (_, index) => {
    const [x, y] = [(index % SIDE) / SIDE - 0.5, Math.floor(index / SIDE) / SIDE - 0.5];
    return Math.round(1000 / (1 + Math.exp(sharpness * (8 * y + 3 * Math.sin(x * 7))))) / 1000;
  });
  const accuracy = 50 + 45 * (1 - Math.exp(-step / 1500)) + 2 * noise(step);
  const evaluation: EvaluationView = {
    evaluationId: run.evaluations.length + 1,
    step,
    split: 'validation',
    weights: 'current',
    scores: { accuracy, loss: 1.3 + 4 * Math.exp(-step / 900) },
    hasClassMap: true,
  };
  run.evaluations.push(evaluation);
  const best = run.summary.bestScores['accuracy']?.value ?? 0;
  if (accuracy > best) run.summary = { ...run.summary, bestScores: { accuracy: { value: accuracy, step } } };
  events.publish('evaluation.added', { runId: run.summary.runId, evaluation });
  if (run.config.objective !== 'hard' && run.config.objective !== 'soft') return;
  const xU = [
    '[CLS0]',
    ...Array.from({ length: 32 }, (_, index) => ` ${Math.round(31.5 + 31 * noise(step + index))}`),
    '[SEP]',
  ];
  const altered = (token: string, index: number, salt: number): string =>
    noise(index * 7 + step + salt) > 0.6 ? ` ${(index * 13) % 64}` : noise(index + step) > 0.8 ? '[MASK]' : token;
  run.examples.push({
    exampleId: run.examples.length + 1,
    step,
    feedback: 0.2 * noise(step),
    xU,
    xHat: xU.map((token, index) => altered(token, index, 1)),
    yHat: xU.map((token, index) => altered(token, index, 2)),
  });
  events.publish('teacherExamples.added', { runId: run.summary.runId, step });
}

function moon(label: number, share: number): [number, number] {
  const angle = Math.PI * share;
  const [x, y] = label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  return [Math.floor(((x + 1.5) / 4) * SIDE), Math.floor(((y + 1) / 2.5) * SIDE)];
}

/** Deterministic, in [-1, 1]. */
function noise(index: number): number {
  const value = Math.sin(index * 12.9898) * 43_758.5453;
  return (value - Math.floor(value)) * 2 - 1;
}
