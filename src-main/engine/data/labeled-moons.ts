import type { DataConfig } from '../../../src-shared/config/run-config.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { balancedMoons, type MoonPoints } from './two-moons.ts';

/** The labeled training points of a Two Moons configuration, in the order of its training split. */
export function labeledTrainingMoons(data: Extract<DataConfig, { kind: 'two-moons' }>): MoonPoints {
  const { dataSeed, labels, noise } = data;
  return balancedMoons(labels, noise, new RandomGenerator(dataSeed, 'twoMoonsLabeledTrain', labels));
}
