import { parseRunConfig } from '../../src-shared/config/parse-run-config.ts';
import { twoMoonsFinetuning, twoMoonsPretraining } from '../../src-shared/config/presets/two-moons.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { applySettings } from '../../src-shared/config/set-by-path.ts';
import { STUDY_ROWS, type StudyObjective, type StudyRow } from '../../src-shared/run/two-moons-report.ts';

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

export function studyRows(objectives: readonly StudyObjective[]): StudyRow[] {
  return objectives.flatMap((objective) => STUDY_ROWS.filter((row) => row.objective === objective));
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
        finetunings: studyRows([objective]).flatMap((row) =>
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
