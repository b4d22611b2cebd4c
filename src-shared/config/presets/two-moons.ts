import { RunConfig } from '../run-config.ts';

/** The report's fine-tuning batch size by number of labels (the first of its alternatives). */
const FINETUNE_BATCH_SIZES: Readonly<Record<number, number>> = { 10: 1, 20: 1, 40: 1, 80: 8, 160: 16 };

/** The numbers of labels the report fine-tunes with. */
export const REPORT_LABELS = [10, 20, 40, 80, 160] as const;

type Pretraining = 'mlm' | 'hard' | 'soft';

/** Pretraining at the report's settings (section 7), which are also the defaults of most fields. */
export function twoMoonsPretraining(objective: Pretraining, denoising = false): RunConfig {
  return RunConfig.parse({
    objective,
    meta: {
      metaWeight: objective === 'soft' ? 100 : 1,
      mlmAsTask: objective === 'soft',
      denoising,
      supportQueryMask: 'input',
    },
    training: {
      feedbackEveryExamples: objective === 'mlm' ? 3200 : 0,
      teacherExamplesEveryExamples: objective === 'mlm' ? 0 : 3200,
    },
    // Forty thousand steps repay the seconds that compiling takes.
    engine: { xla: true },
  });
}

/**
 * Fine-tuning at the report's settings for a number of labels: batch 1, 1, 1, 8, 16 for 10, 20, 40, 80, 160 labels,
 * and for other numbers a sixteenth to a tenth of them in the same spirit.
 */
export function twoMoonsFinetuning(labels: number): RunConfig {
  return RunConfig.parse({
    objective: 'finetune',
    meta: { supportQueryMask: 'input' },
    optimizer: { learningRate: 0.04, warmupSteps: 10 },
    training: {
      batchSize: FINETUNE_BATCH_SIZES[labels] ?? Math.max(1, Math.floor(labels / 10)),
      samplesPerTask: 1,
      accumulation: 1,
      epochSize: labels,
      epochs: 100,
      logEverySteps: 10,
      evaluateEveryExamples: labels * 5,
      checkpointEveryExamples: labels * 20,
      feedbackEveryExamples: 0,
      teacherExamplesEveryExamples: 0,
    },
    data: { kind: 'two-moons', labels },
  });
}

/** The same run, small enough to finish in seconds on any executor: 40 steps, little data, little evaluation. */
export function smokeSize(config: RunConfig): RunConfig {
  const { objective, training } = config;
  const finetune = objective === 'finetune';
  // Their graphs grow with the micro-batches of a step, and with the ways to split those: fewer, of as many rows together.
  const joined = objective === 'hard' || objective === 'soft' ? 2 : 1;
  return RunConfig.parse({
    ...config,
    optimizer: { ...config.optimizer, warmupSteps: 10 },
    training: {
      ...training,
      ...(finetune ? { epochs: 10 } : { epochSize: 320, epochs: 2 }),
      batchSize: training.batchSize * joined,
      accumulation: training.accumulation / joined,
      logEverySteps: 1,
      evaluateEveryExamples: finetune ? training.epochSize * 5 : 320,
      checkpointEveryExamples: finetune ? training.epochSize * 5 : 320,
      feedbackEveryExamples: training.feedbackEveryExamples === 0 ? 0 : 160,
      teacherExamplesEveryExamples: training.teacherExamplesEveryExamples === 0 ? 0 : 160,
      validationSize: 64,
    },
    data: { ...config.data, unlabeledTexts: 640 },
    engine: { ...config.engine, xla: false },
  });
}
