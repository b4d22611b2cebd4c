import { RunConfig } from '../run-config.ts';
import { SUPERGLUE_TRAIN_EXAMPLES, type SuperGlueTaskName } from '../superglue-tasks.ts';

/** The report's text sizes (section 7). */
export const REPORT_TEXT_MODEL = {
  layers: 6,
  modelDim: 256,
  feedForwardDim: 1024,
  heads: 4,
  maxPositions: 128,
  vocabularySize: 30_000,
} as const;

/** The learning rates the report fine-tunes with. */
export const REPORT_FINETUNE_RATES = [0.04, 0.01, 0.005] as const;

type Pretraining = 'mlm' | 'hard' | 'soft';

/**
 * Pretraining on Wikipedia at the report's settings: 6 million examples, MLM in batches of 64, soft labels in four of 16. Of
 * hard labels on text the report says nothing; they have the batches of soft ones.
 */
export function textPretraining(objective: Pretraining, denoising = false): RunConfig {
  const isMlm = objective === 'mlm';
  return RunConfig.parse({
    objective,
    model: REPORT_TEXT_MODEL,
    optimizer: { warmupSteps: 10_000 },
    meta: {
      metaWeight: objective === 'soft' ? 10 : 1,
      mlmAsTask: objective === 'soft',
      denoising,
      supportQueryMask: 'input',
    },
    training: {
      batchSize: isMlm ? 64 : 16,
      samplesPerTask: 16,
      accumulation: isMlm ? 1 : 4,
      epochSize: 20_000,
      epochs: 300,
      evaluateEveryExamples: 20_000,
      checkpointEveryExamples: 20_000,
      feedbackEveryExamples: isMlm ? 20_000 : 0,
      teacherExamplesEveryExamples: isMlm ? 0 : 3200,
    },
    data: { kind: 'text' },
    // Compiling takes a minute or two, training days.
    engine: { xla: true },
  });
}

/** Fine-tuning on one task at the report's settings, with the middle one of its learning rates. */
export function textFinetuning(task: SuperGlueTaskName): RunConfig {
  const examples = SUPERGLUE_TRAIN_EXAMPLES[task];
  return RunConfig.parse({
    objective: 'finetune',
    model: REPORT_TEXT_MODEL,
    optimizer: { learningRate: 0.01, warmupSteps: 100, weightDecay: 0 },
    meta: { supportQueryMask: 'input' },
    training: {
      batchSize: 16,
      samplesPerTask: 16,
      accumulation: 1,
      epochSize: examples,
      epochs: 20,
      evaluateEveryExamples: examples,
      checkpointEveryExamples: examples,
      feedbackEveryExamples: 0,
      teacherExamplesEveryExamples: 0,
    },
    data: { kind: 'text', tasks: task },
    engine: { xla: true },
  });
}

/** Name under which the text that comes with the app is imported, tokenizer, corpus and SuperGLUE set alike. */
export const SAMPLE_NAME = 'sample';
/** Examples in each of the sample's training splits. */
export const SAMPLE_TRAIN_EXAMPLES = 32;

/** The same on the sample text with a small model: ends within a minute on two cores. */
export function textSmokeSize(config: RunConfig): RunConfig {
  const isFineTuned = config.objective === 'finetune';
  const examples = isFineTuned ? SAMPLE_TRAIN_EXAMPLES : 320;
  return RunConfig.parse({
    ...config,
    model: {
      ...config.model,
      layers: 2,
      modelDim: 32,
      feedForwardDim: 64,
      heads: 2,
      maxPositions: 64,
      vocabularySize: 1024,
    },
    optimizer: { ...config.optimizer, warmupSteps: 10 },
    training: {
      ...config.training,
      batchSize: isFineTuned ? 8 : 16,
      samplesPerTask: 8,
      accumulation: isFineTuned || config.objective === 'mlm' ? 1 : 2,
      epochSize: examples,
      epochs: isFineTuned ? 10 : config.objective === 'mlm' ? 6 : 2,
      logEverySteps: 1,
      evaluateEveryExamples: examples,
      checkpointEveryExamples: examples,
      feedbackEveryExamples: config.training.feedbackEveryExamples === 0 ? 0 : 160,
      teacherExamplesEveryExamples: config.training.teacherExamplesEveryExamples === 0 ? 0 : 160,
      validationSize: 64,
    },
    data: {
      ...config.data,
      tokenizer: SAMPLE_NAME,
      corpus: SAMPLE_NAME,
      superglue: SAMPLE_NAME,
      windowStride: 16,
      heldOutArticles: 50,
    },
    engine: { ...config.engine, xla: false },
  });
}
