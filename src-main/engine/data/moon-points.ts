import type { DataConfig } from '../../../src-shared/config/run-config.ts';
import { RandomGenerator } from '../random/random-generator.ts';
import { balancedMoons, drawMoons, type MoonPoints } from './two-moons.ts';

/** The labeled training points of a Two Moons configuration, in the order of its training split. */
export function labeledTrainingMoons(data: Extract<DataConfig, { kind: 'two-moons' }>): MoonPoints {
  const { dataSeed, labels, noise } = data;
  return balancedMoons(labels, noise, new RandomGenerator(dataSeed, 'twoMoonsLabeledTrain', labels));
}

/** The first points of its unlabeled training texts, x and y in turn (a text's own points come in the order drawn). */
export function unlabeledTrainingMoons(data: Extract<DataConfig, { kind: 'two-moons' }>, points: number): Uint8Array {
  const { dataSeed, noise, unlabeledTexts, pointsPerText } = data;
  const count = Math.min(points, unlabeledTexts * pointsPerText);
  return drawMoons(count, noise, new RandomGenerator(dataSeed, 'twoMoonsTrain')).coordinates;
}
