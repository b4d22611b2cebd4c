import { hostname } from 'node:os';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { unlabeledLength } from '../../../src-shared/config/unlabeled-length.ts';
import type { Estimate } from '../../../src-shared/ipc/contract/configuration.ts';
import { finishedRunsLike, finishedRunsOfSize, type FinishedRun } from '../../registry/similar-runs.ts';
import type { Host } from '../host.ts';

/** So many of the newest runs are looked at. */
const MOST_RUNS = 5;
/** Time is not scaled further than this: small models are all overhead, large ones all arithmetic. */
const FARTHEST_SCALE = 8;
const FLOAT_BYTES = 4;
/** Weights and both moments of Adam. */
const STORED_COPIES = 3;
/** Header of a checkpoint, per model: names, shapes, configuration. */
const HEADER_BYTES = 6000;
/** Those, the gradient and the new values while they are written. */
const TRAINED_COPIES = 6;
/** Peak memory of an engine with a model of 6000 parameters, measured on Linux (tensorflow 479 MiB, wasm 378, cpu 373). */
const ENGINE_BYTES = { tensorflow: 500e6, other: 390e6 };
/** Arrays of [tokens, vocabulary] that a step holds at a time, by objective. */
const VOCABULARY_ARRAYS = { mlm: 3, finetune: 3, hard: 4, soft: 8 };
/** Arrays of [tokens, modelDim] that one layer keeps for its gradient. */
const LAYER_ARRAYS = 12;

type EstimateHost = Pick<Host, 'db' | 'parameterCounts' | 'flopsPerExample'>;

/** What a configuration will need: as earlier runs needed it, else reckoned; `basis` says which. */
export function estimate({ db, parameterCounts, flopsPerExample }: EstimateHost, config: RunConfig): Estimate {
  const { student, teacher } = parameterCounts(config);
  const sizes = {
    studentParameters: student,
    teacherParameters: teacher,
    checkpointBytes: (student + teacher) * STORED_COPIES * FLOAT_BYTES + HEADER_BYTES * (teacher === 0 ? 1 : 2),
  };
  const machine = hostname();
  const same = finishedRunsOfSize(db, config, machine, MOST_RUNS);
  const peaks = same.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? []);
  const memoryBytes = peaks.length > 0 ? Math.max(...peaks) : reckonedMemory(config, student + teacher);
  const memoryBasis = peaks.length > 0 ? '' : ' Memory is reckoned from the sizes of weights and activations.';
  if (same.length > 0) {
    const runs = same.length === 1 ? 'an earlier run' : `${same.length} earlier runs`;
    const seconds = median(same.map((run) => secondsAs(run, config, 1)));
    return { ...sizes, memoryBytes, seconds, basis: `From ${runs} of this size on this machine.${memoryBasis}` };
  }
  const like = nearest(finishedRunsLike(db, config, machine, MOST_RUNS * 4), config, flopsPerExample);
  if (like !== undefined) {
    const seconds = secondsAs(like.run, config, like.scale);
    const basis = `Time is scaled from a run of another size on this machine, by ${like.scale.toPrecision(2)} times the arithmetic.`;
    return { ...sizes, memoryBytes, seconds, basis: basis + memoryBasis };
  }
  const basis = `No run like this has finished on this machine yet, so that its time is not known.${memoryBasis}`;
  return { ...sizes, memoryBytes, seconds: null, basis };
}

/** The run's time, with its time per example `scale` times as long and the examples of this configuration. */
function secondsAs(run: FinishedRun, { training }: RunConfig, scale: number): number {
  const examples = training.epochs * training.epochSize;
  return run.setupSeconds + (run.trainingSeconds / run.examples) * examples * scale;
}

function nearest(
  runs: readonly FinishedRun[],
  config: RunConfig,
  flopsPerExample: (config: RunConfig) => number,
): { run: FinishedRun; scale: number } | undefined {
  const wanted = flopsPerExample(config);
  const distance = (scale: number): number => Math.abs(Math.log(scale));
  return runs
    .map((run) => ({ run, scale: wanted / flopsPerExample(run.config) }))
    .filter(({ scale }) => distance(scale) <= Math.log(FARTHEST_SCALE))
    .sort((a, b) => distance(a.scale) - distance(b.scale))[0];
}

function reckonedMemory(config: RunConfig, parameters: number): number {
  const { model, training, objective, engine } = config;
  const length = unlabeledLength(config);
  const tokens = training.batchSize * length;
  const vocabulary = tokens * model.vocabularySize * VOCABULARY_ARRAYS[objective];
  const widths = LAYER_ARRAYS * model.modelDim + 2 * model.feedForwardDim + 2 * model.heads * length;
  const activations = tokens * model.layers * widths * (objective === 'hard' || objective === 'soft' ? 2 : 1);
  const base = engine.executor === 'tensorflow' || engine.executor === 'auto' ? 'tensorflow' : 'other';
  return ENGINE_BYTES[base] + FLOAT_BYTES * (parameters * TRAINED_COPIES + vocabulary + activations);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
