import { presets } from '../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { Handler } from '../handler.ts';

export const listPresets: Handler<'presets.list'> = () =>
  presets().map(({ name, help, config }) => ({ name, title: titleOf(config), description: help, config }));

/** What a configuration trains, in a few words. */
function titleOf({ objective, meta, data }: RunConfig): string {
  if (objective === 'mlm') return 'Masked language modeling';
  if (objective === 'finetune') {
    return data.kind === 'two-moons' ? `Fine-tuning, ${data.labels} labels` : 'Fine-tuning';
  }
  const labels = objective === 'hard' ? 'Hard labels' : 'Soft labels';
  return meta.denoising ? `${labels}, denoising` : labels;
}
