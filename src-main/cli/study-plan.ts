import { parseRunConfig } from '../../src-shared/config/parse-run-config.ts';
import { twoMoonsFinetuning, twoMoonsPretraining } from '../../src-shared/config/presets/two-moons.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { applySettings } from '../../src-shared/config/set-by-path.ts';

/** What a student can be pretrained with before it is fine-tuned; `none` is the untrained student. */
export const STUDY_OBJECTIVES = ['none', 'mlm', 'hard', 'soft', 'soft-denoising', 'hard-denoising'] as const;
export type StudyObjective = (typeof STUDY_OBJECTIVES)[number];

export interface StudyOptions {
  readonly objectives: readonly StudyObjective[];
  readonly labels: readonly number[];
  readonly seeds: number;
  /** Epochs of pretraining; the report's where left out. */
  readonly epochs?: number | undefined;
  /** `path=value` for every run, for pretraining runs, for fine-tuning runs. */
  readonly settings: readonly string[];
  readonly pretrainingSettings: readonly string[];
  readonly finetuningSettings: readonly string[];
  readonly varyData: boolean;
}

/** A row of the report's table: which checkpoint of which pretraining is fine-tuned. */
export interface StudyRow {
  readonly label: string;
  readonly objective: StudyObjective;
  /** Kind of the pretraining's checkpoint; undefined without pretraining. */
  readonly checkpoint: string | undefined;
}

export interface StudyFinetuning {
  readonly row: StudyRow;
  readonly labels: number;
  readonly name: string;
  readonly config: RunConfig;
}

/** One pretraining and everything that is fine-tuned from it. */
export interface StudyGroup {
  readonly seed: number;
  readonly objective: StudyObjective;
  readonly pretraining: { readonly name: string; readonly config: RunConfig } | undefined;
  readonly finetunings: readonly StudyFinetuning[];
}

const ROWS: Readonly<Record<StudyObjective, readonly StudyRow[]>> = {
  none: [{ label: 'no pretraining', objective: 'none', checkpoint: undefined }],
  mlm: [
    { label: 'MLM (latest)', objective: 'mlm', checkpoint: 'latest' },
    { label: 'MLM (best loss)', objective: 'mlm', checkpoint: 'best-loss' },
  ],
  hard: [{ label: 'hard', objective: 'hard', checkpoint: 'latest' }],
  soft: [{ label: 'soft', objective: 'soft', checkpoint: 'latest' }],
  'soft-denoising': [{ label: 'soft, fixed y', objective: 'soft-denoising', checkpoint: 'latest' }],
  'hard-denoising': [{ label: 'hard, fixed y', objective: 'hard-denoising', checkpoint: 'latest' }],
};

export function studyRows(objectives: readonly StudyObjective[]): StudyRow[] {
  return objectives.flatMap((objective) => ROWS[objective]);
}

/**
 * Every run of a study, each pretraining before what builds on it. All configurations are checked here, before
 * anything is written.
 * @throws AppError config/invalid
 */
export function studyPlan(options: StudyOptions): StudyGroup[] {
  return Array.from({ length: options.seeds }, (_, seed) => seed).flatMap((seed) =>
    options.objectives.map((objective): StudyGroup => {
      const pretraining = pretrainingConfig(options, objective, seed);
      const config = (labels: number): RunConfig =>
        seeded(options, twoMoonsFinetuning(labels), options.finetuningSettings, seed);
      return {
        seed,
        objective,
        pretraining: pretraining && { name: `study ${objective} seed ${seed}`, config: pretraining },
        finetunings: ROWS[objective].flatMap((row) =>
          options.labels.map((labels) => ({
            row,
            labels,
            name: `study ${row.label}, ${labels} labels, seed ${seed}`,
            config: config(labels),
          })),
        ),
      };
    }),
  );
}

function pretrainingConfig(options: StudyOptions, objective: StudyObjective, seed: number): RunConfig | undefined {
  if (objective === 'none') return undefined;
  const [name, denoising] = objective.split('-');
  if (name !== 'mlm' && name !== 'hard' && name !== 'soft') throw new Error(`no pretraining ${objective}`);
  const epochs = options.epochs === undefined ? [] : [`training.epochs=${options.epochs}`];
  return seeded(
    options,
    twoMoonsPretraining(name, denoising !== undefined),
    [...epochs, ...options.pretrainingSettings],
    seed,
  );
}

function seeded(options: StudyOptions, base: RunConfig, settings: readonly string[], seed: number): RunConfig {
  const seeds = [`seed=${seed}`, ...(options.varyData ? [`data.dataSeed=${seed}`] : [])];
  return parseRunConfig(applySettings(base, [...options.settings, ...settings, ...seeds]));
}
