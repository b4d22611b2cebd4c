import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { loadTextData } from './load-text-data.ts';
import { randomTextData } from './random-text.ts';
import type { TrainingData } from './training-data.ts';
import { loadTwoMoons } from './two-moons-data.ts';

/**
 * Generates or reads what `config.data` names: a function of the configuration and, for imported text, of what lies below
 * `dataDirectory` under its names.
 * @throws AppError file/not-found, file/invalid, config/invalid
 */
export async function loadTrainingData(config: RunConfig, dataDirectory: string): Promise<TrainingData> {
  const { data } = config;
  switch (data.kind) {
    case 'two-moons':
      return loadTwoMoons(data);
    case 'text':
      return loadTextData(config, data, dataDirectory);
    case 'random-text':
      return randomTextData(config, data.length);
  }
}
