import { RunConfig, type ObjectiveName } from '../run-config.ts';
import { REPORT_TEXT_MODEL } from './text.ts';

/** The report's text sizes on random ids, batch 16 without accumulation: what `bench --workload text` measures. */
export function textBench(objective: ObjectiveName): RunConfig {
  return RunConfig.parse({
    objective,
    model: REPORT_TEXT_MODEL,
    optimizer: { warmupSteps: 10_000 },
    meta: { metaWeight: objective === 'soft' ? 10 : 1, mlmAsTask: objective === 'soft' },
    training: {
      batchSize: 16,
      samplesPerTask: 16,
      accumulation: 1,
      epochSize: 20_000,
      epochs: 300,
      evaluateEveryExamples: 20_000,
      checkpointEveryExamples: 20_000,
      feedbackEveryExamples: 0,
      teacherExamplesEveryExamples: 0,
      validationSize: 64,
    },
    data: { kind: 'random-text', length: 128 },
    engine: { xla: true },
  });
}

/** The same model and losses in eight small steps, for seeing that it works. */
export function textSmoke(objective: ObjectiveName): RunConfig {
  const full = textBench(objective);
  return RunConfig.parse({
    ...full,
    optimizer: { ...full.optimizer, warmupSteps: 4 },
    training: {
      ...full.training,
      batchSize: 2,
      samplesPerTask: 2,
      epochSize: 16,
      epochs: 1,
      logEverySteps: 1,
      evaluateEveryExamples: 16,
      checkpointEveryExamples: 16,
      validationSize: 2,
    },
    engine: { ...full.engine, xla: false },
  });
}
