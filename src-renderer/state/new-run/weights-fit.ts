import { differences, type ConfigDifference } from '../../../src-shared/config/differences.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';

/**
 * What keeps weights of a run with configuration `from` out of a run with `config`: fields that shape the model. Dropout may
 * differ between pretraining and fine-tuning.
 */
export function misfits(from: RunConfig, config: RunConfig): ConfigDifference[] {
  return differences(from, config).filter(
    ({ path }) => path.startsWith('model.') && !path.toLowerCase().endsWith('dropout'),
  );
}
