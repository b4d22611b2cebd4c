import { z } from 'zod';
import { AppError } from '../../../src-shared/app-error.ts';
import type { ObjectiveName, RunConfig } from '../../../src-shared/config/run-config.ts';
import type { Fixture } from './fixture-files.ts';

/** The recorded run's settings, under the reference's names. */
const RecordedConfig = z.object({
  dim: z.number(),
  n_heads: z.number(),
  ff_dim: z.number(),
  activation: z.enum(['gelu', 'relu']),
  dropout: z.literal(0),
  attn_dropout: z.literal(0),
  act_dropout: z.literal(0),
  n_layers: z.number(),
  max_positions: z.number(),
  prenorm: z.boolean(),
  lr: z.number(),
  l2_wd: z.number(),
  eps: z.number(),
  beta_1: z.number(),
  beta_2: z.number(),
  warmup_steps: z.number(),
  power_decay: z.number(),
  decay_forever: z.boolean(),
  max_grad_norm: z.number(),
  gradient_accumulation: z.number(),
  inner_lr: z.number(),
  meta_weight: z.number(),
  fixed_y: z.boolean(),
  vocab: z.number(),
});

/**
 * The run configuration that a fixture was recorded with.
 * @throws AppError file/invalid when its settings are not complete
 */
export function fixtureConfig(fixture: Fixture, objective: ObjectiveName, rows: number): RunConfig {
  const parsed = RecordedConfig.safeParse(fixture.json['config']);
  if (!parsed.success) {
    throw new AppError(
      'file/invalid',
      `${fixture.folder}/data.json: "config" is not usable: ${z.prettifyError(parsed.error)}`,
    );
  }
  const c = parsed.data;
  return {
    objective,
    seed: 0,
    model: {
      layers: c.n_layers,
      modelDim: c.dim,
      feedForwardDim: c.ff_dim,
      heads: c.n_heads,
      maxPositions: c.max_positions,
      vocabularySize: c.vocab,
      dropout: 0,
      attentionDropout: 0,
      activationDropout: 0,
      preNorm: c.prenorm,
      activation: c.activation,
    },
    optimizer: {
      learningRate: c.lr,
      beta1: c.beta_1,
      beta2: c.beta_2,
      epsilon: c.eps,
      weightDecay: c.l2_wd,
      maxGradNorm: c.max_grad_norm,
      warmupSteps: c.warmup_steps,
      decayPower: c.power_decay,
      decayForever: c.decay_forever,
    },
    meta: {
      innerLearningRate: c.inner_lr,
      innerSteps: 1,
      metaWeight: c.meta_weight,
      denoising: c.fixed_y,
      mlmAsTask: false,
      supportQueryMask: 'input',
      samplingTemperature: 1,
    },
    training: {
      batchSize: rows,
      samplesPerTask: rows,
      accumulation: c.gradient_accumulation,
      epochSize: rows,
      epochs: 1,
      shuffle: false,
      maskProbability: 0.15,
      logEverySteps: 1,
      evaluateEveryExamples: 1,
      checkpointEveryExamples: 1,
      keepCheckpointEveryExamples: 0,
      feedbackEveryExamples: 1,
      teacherExamplesEveryExamples: 0,
      validationSize: 1,
    },
    data: { kind: 'random-text', length: c.max_positions },
    engine: { executor: 'auto', xla: false, matmulPrecision: 'float32' },
  };
}

/** The recorded steps' numbers. */
export type RecordedStep = Readonly<Record<string, unknown>>;

export function recordedSteps(fixture: Fixture): RecordedStep[] {
  const steps = fixture.json['steps'];
  if (!Array.isArray(steps)) throw new AppError('file/invalid', `${fixture.folder}/data.json has no list "steps"`);
  return steps as RecordedStep[];
}

/** `step[path…]` where it is a number, else undefined. */
export function recordedNumber(step: RecordedStep, ...path: readonly string[]): number | undefined {
  let value: unknown = step;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return typeof value === 'number' ? value : undefined;
}
