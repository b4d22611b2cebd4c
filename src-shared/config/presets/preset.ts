import { AppError } from '../../app-error.ts';
import { nearestName } from '../nearest-name.ts';
import { SUPERGLUE_TASK_NAMES } from '../superglue-tasks.ts';
import type { RunConfig } from '../run-config.ts';
import { textBench, textSmoke } from './text-bench.ts';
import { textFinetuning, textPretraining, textSmokeSize } from './text.ts';
import { smokeSize, twoMoonsFinetuning, twoMoonsPretraining } from './two-moons.ts';

export interface Preset {
  readonly name: string;
  /** One line for lists. */
  readonly help: string;
  readonly config: RunConfig;
}

const REPORT_PRESETS: readonly Preset[] = [
  {
    name: 'two-moons-mlm',
    help: 'Two Moons, masked language modeling (the baseline), at the settings of the report.',
    config: twoMoonsPretraining('mlm'),
  },
  {
    name: 'two-moons-hard',
    help: 'Two Moons, a teacher that writes hard labels, at the settings of the report.',
    config: twoMoonsPretraining('hard'),
  },
  {
    name: 'two-moons-soft',
    help: 'Two Moons, a teacher that writes soft labels, at the settings of the report.',
    config: twoMoonsPretraining('soft'),
  },
  {
    name: 'two-moons-soft-denoising',
    help: 'Two Moons, soft labels for the input only: the "fixed y" that the report found promising.',
    config: twoMoonsPretraining('soft', true),
  },
  {
    name: 'two-moons-hard-denoising',
    help: 'Two Moons, hard labels for the input only; not in the report.',
    config: twoMoonsPretraining('hard', true),
  },
  {
    name: 'two-moons-finetune',
    help: 'Two Moons, fine-tuning on 10 labeled points, at the settings of the report.',
    config: twoMoonsFinetuning(10),
  },
];

const TEXT_PRESETS: readonly Preset[] = [
  {
    name: 'text-mlm',
    help: 'Wikipedia, masked language modeling (the baseline), at the settings of the report.',
    config: textPretraining('mlm'),
  },
  {
    name: 'text-hard',
    help: 'Wikipedia and SuperGLUE, a teacher that writes hard labels; the report has no figures for it.',
    config: textPretraining('hard'),
  },
  {
    name: 'text-soft',
    help: 'Wikipedia and SuperGLUE, a teacher that writes soft labels, at the settings of the report.',
    config: textPretraining('soft'),
  },
  {
    name: 'text-soft-denoising',
    help: 'Wikipedia and SuperGLUE, soft labels for the input only: the "fixed y" that the report found promising.',
    config: textPretraining('soft', true),
  },
  ...SUPERGLUE_TASK_NAMES.map((task) => ({
    name: `text-finetune-${task.toLowerCase()}`,
    help: `SuperGLUE, fine-tuning on ${task}, at the settings of the report.`,
    config: textFinetuning(task),
  })),
];

/** What of a text preset's help does not hold for its small size. */
const ONLY_OF_FULL_SIZE = /, at the settings of the report|; the report has no figures for it/;

const WHAT = {
  mlm: 'masked language modeling',
  hard: 'hard labels',
  soft: 'soft labels',
  finetune: 'fine-tuning',
} as const;

const PRESETS: readonly Preset[] = [
  ...REPORT_PRESETS,
  ...REPORT_PRESETS.map((full) => ({
    name: `${full.name}-smoke`,
    help: `${full.help.replace(/, at the settings of the report/, '')} Ends in seconds.`,
    config: smokeSize(full.config),
  })),
  ...[20, 40, 80, 160].map((labels) => ({
    name: `two-moons-finetune-${labels}`,
    help: `Two Moons, fine-tuning on ${labels} labeled points, at the settings of the report.`,
    config: twoMoonsFinetuning(labels),
  })),
  ...TEXT_PRESETS,
  ...TEXT_PRESETS.map(({ name, help, config }) => ({
    name: `${name}-smoke`,
    help: `${help.replace(ONLY_OF_FULL_SIZE, '').replace(/^(Wikipedia( and SuperGLUE)?|SuperGLUE)/, 'The sample text')} Ends within a minute.`,
    config: textSmokeSize(config),
  })),
  { name: 'text-bench', help: 'The text sizes of the report on random ids, for measuring.', config: textBench('mlm') },
  ...(['hard', 'soft', 'finetune'] as const).map((objective) => ({
    name: `text-bench-${objective}`,
    help: `The text sizes of the report on random ids, ${WHAT[objective]}, for measuring.`,
    config: textBench(objective),
  })),
  ...(['mlm', 'hard', 'soft', 'finetune'] as const).map((objective) => ({
    name: `text-bench${objective === 'mlm' ? '' : `-${objective}`}-smoke`,
    help: `The text sizes of the report on random ids, ${WHAT[objective]}. Eight small steps.`,
    config: textSmoke(objective),
  })),
];

export const PRESET_NAMES: readonly string[] = PRESETS.map(({ name }) => name);

/** All presets with their line of help, in the order in which they are offered. */
export function presets(): readonly Preset[] {
  return PRESETS.map((one) => ({ ...one, config: structuredClone(one.config) }));
}

/**
 * A fresh copy of the preset's configuration.
 * @throws AppError config/invalid with the nearest name where there is no such preset
 */
export function preset(name: string): RunConfig {
  const found = PRESETS.find((one) => one.name === name);
  if (found !== undefined) return structuredClone(found.config);
  const near = nearestName(name, PRESET_NAMES);
  throw new AppError(
    'config/invalid',
    `There is no preset '${name}'${near === undefined ? '.' : `; did you mean '${near}'?`} Presets: ${PRESET_NAMES.join(', ')}.`,
    { name, suggestion: near ?? null, presets: PRESET_NAMES },
  );
}
