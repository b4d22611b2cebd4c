import { mkdirSync } from 'node:fs';
import { preset } from '../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { runLength } from '../../src-main/engine/train/train-state.ts';
import { addEvaluation } from '../../src-main/registry/evaluations.ts';
import { addEvent } from '../../src-main/registry/events.ts';
import { appendMetrics, type MetricPoints } from '../../src-main/registry/metrics.ts';
import { openRegistry, type Registry } from '../../src-main/registry/open-registry.ts';
import { insertRun, setRunExecutor, setRunProgress, setRunScores, setRunStatus } from '../../src-main/registry/runs.ts';
import { registryFile } from '../../src-main/runs/run-files.ts';
import { repeatableNumbers } from '../unit/registry/sample-run.ts';

/** How much is made; the sizes of the speed budgets. */
export interface LargeHomeSizes {
  readonly runs: number;
  /** Metric names of one run. */
  readonly metricNames: number;
  /** Points of one series. */
  readonly points: number;
}

export const BUDGET_SIZES: LargeHomeSizes = { runs: 10_000, metricNames: 2000, points: 1_000_000 };

/** Runs of a large home that have something special about them. */
export interface LargeHome {
  readonly manyMetrics: string;
  readonly longSeries: string;
  /** An ordinary finished run. */
  readonly ordinary: string;
}

const PRESETS = ['two-moons-mlm', 'two-moons-hard', 'two-moons-soft', 'two-moons-finetune'] as const;
const LEARNING_RATES = [0.01, 0.02, 0.04, 0.08, 0.16] as const;
/** Points of each ordinary run's series. */
const ORDINARY_POINTS = 40;
/** Points of each of the many metrics. */
const MANY_POINTS = 50;
const RUNS_PER_TRANSACTION = 500;
const POINTS_PER_APPEND = 20_000;
const HOUR_MS = 3_600_000;
/** The first run was created then; the registry's times need no clock of their own. */
const FIRST_RUN_MS = Date.UTC(2026, 0, 1);

/** Makes a home with the registry's own functions, as the app would have come to have it. Numbers repeat. */
export function createLargeHome(home: string, sizes: LargeHomeSizes = BUDGET_SIZES): LargeHome {
  mkdirSync(home, { recursive: true });
  const db = openRegistry(registryFile(home));
  try {
    const random = repeatableNumbers(1);
    for (let first = 0; first < sizes.runs; first += RUNS_PER_TRANSACTION) {
      db.transaction(() => {
        for (let i = first; i < Math.min(sizes.runs, first + RUNS_PER_TRANSACTION); i++) addRun(db, i, random);
      })();
    }
    const manyMetrics = addManyMetrics(db, sizes.runs - 2, sizes.metricNames, random);
    const longSeries = addLongSeries(db, sizes.runs - 1, sizes.points, random);
    return { manyMetrics, longSeries, ordinary: runIdAt(sizes.runs - 3) };
  } finally {
    db.close();
  }
}

/** Ids sort by creation, as real ones do. */
function runIdAt(index: number): string {
  return `20260101-${String(index).padStart(6, '0')}-bnch`;
}

function configAt(index: number): RunConfig {
  const config = preset(PRESETS[index % PRESETS.length] ?? 'two-moons-mlm');
  const learningRate = LEARNING_RATES[Math.floor(index / 4) % LEARNING_RATES.length] ?? 0.08;
  return { ...config, seed: Math.floor(index / 20) % 5, optimizer: { ...config.optimizer, learningRate } };
}

function addRun(db: Registry, index: number, random: () => number): void {
  const runId = runIdAt(index);
  const config = configAt(index);
  const createdAtMs = FIRST_RUN_MS + index * 10 * 60_000;
  const { totalSteps, totalExamples } = runLength(config);
  insertRun(db, {
    runId,
    name: `${config.objective} lr ${config.optimizer.learningRate} seed ${config.seed} no ${index}`,
    config,
    createdAtMs,
    preset: PRESETS[index % PRESETS.length],
    tags: index % 7 === 0 ? ['sweep', `batch-${index % 21}`] : [],
  });
  setRunStatus(db, runId, 'starting', { nowMs: createdAtMs });
  setRunStatus(db, runId, 'running', { nowMs: createdAtMs });
  setRunExecutor(db, runId, { name: 'tensorflow', device: 'CPU:0', versions: {}, reason: 'generated' });
  const end = index % 50 === 49 ? 'failed' : index % 31 === 30 ? 'stopped' : 'finished';
  const step = end === 'finished' ? totalSteps : Math.floor(totalSteps * random());
  const steps = Array.from({ length: ORDINARY_POINTS }, (_, i) => Math.floor(((i + 1) * step) / ORDINARY_POINTS));
  const accuracy = 55 + 40 * random();
  appendMetrics(db, runId, [{ name: 'student.loss', steps, values: fallingLoss(steps.length, random) }], createdAtMs);
  const at = { step, examplesSeen: Math.round((totalExamples * step) / totalSteps) };
  addEvaluation(db, {
    runId,
    ...at,
    split: 'validation',
    weights: 'current',
    scores: { loss: 0.2 + random(), accuracy },
    atMs: createdAtMs,
  });
  setRunProgress(db, runId, { ...at, totalSteps, totalExamples, samplesPerSecond: 4000 }, createdAtMs);
  addEvent(db, { runId, atMs: createdAtMs, kind: 'started', message: 'Engine process 1 started.' });
  const nowMs = createdAtMs + Math.round(HOUR_MS * random());
  if (end === 'finished') setRunScores(db, runId, { 'test.latest.accuracy': accuracy - 2 * random() });
  const message = "A model's losses are NaN or infinite.";
  if (end === 'stopped') setRunStatus(db, runId, 'stopping', { nowMs });
  setRunStatus(db, runId, end, {
    nowMs,
    ...(end === 'failed' ? { error: { code: 'run/failed' as const, message, details: {} } } : {}),
  });
}

/** One run with thousands of metrics, as somebody has it who logs every layer's norm. */
function addManyMetrics(db: Registry, index: number, names: number, random: () => number): string {
  const runId = runIdAt(index);
  const steps = Array.from({ length: MANY_POINTS }, (_, i) => (i + 1) * 10);
  const series: MetricPoints[] = Array.from({ length: names }, (_, i) => ({
    name: `layer.${Math.floor(i / 20)}.norm${i % 20}`,
    steps,
    values: steps.map(() => random()),
  }));
  appendMetrics(db, runId, series, FIRST_RUN_MS);
  return runId;
}

/** One run with a series as long as a week of logging every step, NaN and spikes included. */
function addLongSeries(db: Registry, index: number, points: number, random: () => number): string {
  const runId = runIdAt(index);
  const { totalSteps } = runLength(configAt(index));
  for (let first = 0; first < points; first += POINTS_PER_APPEND) {
    const count = Math.min(POINTS_PER_APPEND, points - first);
    const steps = Array.from({ length: count }, (_, i) => totalSteps + 1 + first + i);
    const values = steps.map((step) => {
      if (step % 100_003 === 0) return NaN;
      return step % 50_021 === 0 ? 40 : 2 + 4 * Math.exp(-step / 200_000) + 0.3 * random();
    });
    appendMetrics(db, runId, [{ name: 'student.loss', steps, values }], FIRST_RUN_MS);
  }
  const at = { step: totalSteps + points, examplesSeen: 16 * (totalSteps + points) };
  const progress = { ...at, totalSteps: at.step, totalExamples: at.examplesSeen, samplesPerSecond: 4000 };
  setRunProgress(db, runId, progress, FIRST_RUN_MS);
  return runId;
}

function fallingLoss(count: number, random: () => number): number[] {
  const start = 5 + random();
  return Array.from({ length: count }, (_, i) => start * Math.exp((-2 * i) / count) + 0.2 * random());
}
