import { z } from 'zod';
import { randomTextFields, textFields, twoMoonsFields } from './data-fields.ts';
import { engineFields } from './engine-fields.ts';
import { field } from './field.ts';
import { metaFields } from './meta-fields.ts';
import { modelFields } from './model-fields.ts';
import { optimizerFields } from './optimizer-fields.ts';
import { trainingFields } from './training-fields.ts';

// Fields with units, ranges, defaults and help are in the *-fields.ts files; unknown fields are refused everywhere.
// What spans several fields is checked by `parseRunConfig`, not by these schemas.

export const ModelConfig = z.strictObject(modelFields);
export type ModelConfig = z.infer<typeof ModelConfig>;

export const OptimizerConfig = z.strictObject(optimizerFields);
export type OptimizerConfig = z.infer<typeof OptimizerConfig>;

export const MetaConfig = z.strictObject(metaFields);
export type MetaConfig = z.infer<typeof MetaConfig>;

export const TrainingConfig = z.strictObject(trainingFields);
export type TrainingConfig = z.infer<typeof TrainingConfig>;

export const TwoMoonsData = z.strictObject({ kind: z.literal('two-moons'), ...twoMoonsFields });
/** Random token ids of the report's text sizes; what `bench --workload text` measures. */
export const RandomTextData = z.strictObject({ kind: z.literal('random-text'), ...randomTextFields });
/** Imported text and SuperGLUE. */
export const TextData = z.strictObject({ kind: z.literal('text'), ...textFields });
export const DataConfig = z.discriminatedUnion('kind', [TwoMoonsData, TextData, RandomTextData]);
export type DataConfig = z.infer<typeof DataConfig>;

export const EngineConfig = z.strictObject(engineFields);
export type EngineConfig = z.infer<typeof EngineConfig>;

export const OBJECTIVES = ['mlm', 'hard', 'soft', 'finetune'] as const;
export type ObjectiveName = (typeof OBJECTIVES)[number];

export const RunConfig = z.strictObject({
  objective: field(z.enum(OBJECTIVES), 'mlm', {
    unit: '',
    help: 'What is trained: masked language modeling, meta-pretraining by hard or soft labels, or fine-tuning.',
  }),
  seed: field(z.int().min(0), 0, {
    unit: '',
    help: 'Seed of everything random in training: weights, draws, masks, dropout, samples of the teacher.',
  }),
  /** Both student and teacher have this size. */
  model: ModelConfig.prefault({}),
  optimizer: OptimizerConfig.prefault({}),
  meta: MetaConfig.prefault({}),
  training: TrainingConfig.prefault({}),
  data: DataConfig.prefault({ kind: 'two-moons' }),
  engine: EngineConfig.prefault({}),
});
export type RunConfig = z.infer<typeof RunConfig>;
