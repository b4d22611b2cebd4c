import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { randomTextData } from './random-text.ts';
import type { TrainingData } from './training-data.ts';
import { loadTwoMoons } from './two-moons-data.ts';

/** Generates or reads what `config.data` names. A pure function of the configuration. */
export async function loadTrainingData(config: RunConfig): Promise<TrainingData> {
  const { data } = config;
  return data.kind === 'two-moons' ? loadTwoMoons(data) : randomTextData(config, data.length);
}
