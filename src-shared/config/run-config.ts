import { z } from 'zod';

// Skeleton of names; the config room completes it with units, ranges, defaults and help.
export const ModelConfig = z.strictObject({
  layers: z.int().min(1).max(48),
  modelDim: z.int().min(1),
  feedForwardDim: z.int().min(1),
  heads: z.int().min(1),
  maxPositions: z.int().min(2),
  vocabularySize: z.int().min(33),
  dropout: z.number().min(0).lt(1),
  attentionDropout: z.number().min(0).lt(1),
  activationDropout: z.number().min(0).lt(1),
  preNorm: z.boolean(),
  activation: z.enum(['gelu', 'relu']),
});
export type ModelConfig = z.infer<typeof ModelConfig>;

export const OptimizerConfig = z.strictObject({
  learningRate: z.number().positive(),
  beta1: z.number().min(0).lt(1),
  beta2: z.number().min(0).lt(1),
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
  maxGradNorm: z.number().positive(),
  warmupSteps: z.int().min(0),
  decayPower: z.number().max(0),
  decayForever: z.boolean(),
});
export type OptimizerConfig = z.infer<typeof OptimizerConfig>;

export const MetaConfig = z.strictObject({
  innerLearningRate: z.number().positive(),
  innerSteps: z.int().min(1).max(16),
  metaWeight: z.number(),
  /** The teacher writes the input only; the target stays x_u ("fixed y"). */
  denoising: z.boolean(),
  mlmAsTask: z.boolean(),
  supportQueryMask: z.enum(['input', 'target']),
  samplingTemperature: z.number().positive(),
});
export type MetaConfig = z.infer<typeof MetaConfig>;

export const TrainingConfig = z.strictObject({
  batchSize: z.int().min(1),
  samplesPerTask: z.int().min(1),
  /** G, micro-steps per optimizer step. */
  accumulation: z.int().min(1),
  epochSize: z.int().min(1),
  epochs: z.int().min(1),
  shuffle: z.boolean(),
  maskProbability: z.number().gt(0).lt(1),
  logEverySteps: z.int().min(1),
  evaluateEveryExamples: z.int().min(1),
  checkpointEveryExamples: z.int().min(1),
  feedbackEveryExamples: z.int().min(0),
  teacherExamplesEveryExamples: z.int().min(0),
  validationSize: z.int().min(1),
});
export type TrainingConfig = z.infer<typeof TrainingConfig>;

export const TwoMoonsData = z.strictObject({
  kind: z.literal('two-moons'),
  unlabeledTexts: z.int().min(1),
  pointsPerText: z.int().min(1),
  labels: z.int().min(2),
  noise: z.number().min(0),
  dataSeed: z.int().min(0),
});
/** Random token ids of the report's text sizes; what `bench --workload text` measures. */
export const RandomTextData = z.strictObject({ kind: z.literal('random-text'), length: z.int().min(2) });
export const DataConfig = z.discriminatedUnion('kind', [TwoMoonsData, RandomTextData]);
export type DataConfig = z.infer<typeof DataConfig>;

export const EngineConfig = z.strictObject({
  executor: z.enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu']),
  xla: z.boolean(),
  matmulPrecision: z.enum(['float32', 'bfloat16']),
});
export type EngineConfig = z.infer<typeof EngineConfig>;

export const OBJECTIVES = ['mlm', 'hard', 'soft', 'finetune'] as const;
export type ObjectiveName = (typeof OBJECTIVES)[number];

export const RunConfig = z.strictObject({
  objective: z.enum(OBJECTIVES),
  seed: z.int().min(0),
  /** Both student and teacher have this size. */
  model: ModelConfig,
  optimizer: OptimizerConfig,
  meta: MetaConfig,
  training: TrainingConfig,
  data: DataConfig,
  engine: EngineConfig,
});
export type RunConfig = z.infer<typeof RunConfig>;
