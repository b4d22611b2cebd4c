import type { RunConfig } from '../../src-shared/config/run-config.ts';
import type { PresetView } from '../../src-shared/ipc/run-views.ts';

/** A Two Moons preset and its smoke test, where it has one. */
export interface PresetRow {
  readonly full: PresetView;
  readonly smoke: PresetView | undefined;
}

const SMOKE = '-smoke';

/** Two Moons presets in their order, each with its smoke test beside it. */
export function presetRows(presets: readonly PresetView[]): PresetRow[] {
  const byName = new Map(presets.map((preset) => [preset.name, preset]));
  return presets
    .filter(({ name, config }) => config.data.kind === 'two-moons' && !name.endsWith(SMOKE))
    .map((full) => ({ full, smoke: byName.get(`${full.name}${SMOKE}`) }));
}

/** Examples trained on until the end. */
export function trainedExamples({ training }: RunConfig): number {
  return training.epochSize * training.epochs;
}

/** Fine-tuning presets at the report's settings, by number of labels. */
export function fineTuningPresets(presets: readonly PresetView[]): { preset: PresetView; labels: number }[] {
  return presetRows(presets)
    .map(({ full }) => full)
    .filter(({ config }) => config.objective === 'finetune')
    .map((preset) => ({ preset, labels: preset.config.data.kind === 'two-moons' ? preset.config.data.labels : 0 }))
    .sort((a, b) => a.labels - b.labels);
}

/** What a preset trains, without what the page's heading says of all of them. */
export function briefDescription({ description }: PresetView): string {
  const brief = description.replace(/^Two Moons, /, '').replace(/, at the settings of the report/, '');
  return brief.charAt(0).toUpperCase() + brief.slice(1);
}
