import { isDeepStrictEqual } from 'node:util';
import { twoMoonsFinetuning, twoMoonsPretraining } from '../../../src-shared/config/presets/two-moons.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { STUDY_ROWS } from '../../../src-shared/run/two-moons-report.ts';
import type { FineTuning } from '../../registry/two-moons-results.ts';

/** Row of the report's table; undefined where it is not known what was fine-tuned, or the report has no such row. */
export function rowOf({ config, pretraining, checkpoint }: FineTuning): string | undefined {
  if (config.data.kind !== 'two-moons') return undefined;
  if (checkpoint === undefined) return STUDY_ROWS.find(({ objective }) => objective === 'none')?.label;
  if (pretraining === undefined) return undefined;
  const { objective, meta } = pretraining;
  const name = meta.denoising && objective !== 'mlm' ? `${objective}-denoising` : objective;
  return STUDY_ROWS.find((row) => row.objective === name && row.checkpoint === checkpoint)?.label;
}

/** Whether fine-tuning and pretraining (to its end) are those of the report but for seeds, hardware, and how often something is written down. */
export function isAtReport({ config, pretraining, isPretrained, labels }: FineTuning): boolean {
  if (!isSameStudy(config, twoMoonsFinetuning(labels))) return false;
  if (pretraining === undefined) return true;
  const { objective, meta } = pretraining;
  if (objective === 'finetune' || !isPretrained) return false;
  return isSameStudy(pretraining, twoMoonsPretraining(objective, meta.denoising));
}

function isSameStudy(config: RunConfig, report: RunConfig): boolean {
  return isDeepStrictEqual(comparable(config), comparable(report));
}

/** What decides about a result. How often it is evaluated does: it chooses the best checkpoint. */
function comparable(config: RunConfig): unknown {
  const { data } = config;
  return {
    ...config,
    seed: 0,
    engine: null,
    training: {
      ...config.training,
      logEverySteps: 1,
      checkpointEveryExamples: 1,
      feedbackEveryExamples: 0,
      teacherExamplesEveryExamples: 0,
      keepCheckpointEveryExamples: 0,
    },
    data: { ...data, dataSeed: 0, ...(config.objective === 'finetune' ? { unlabeledTexts: 0 } : {}) },
  };
}
