import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { buildHardObjective } from './hard.ts';
import type { Objective } from './objective.ts';
import type { ObjectiveOptions } from './options.ts';
import { buildPairObjective } from './pair.ts';
import { buildSoftObjective } from './soft.ts';

/**
 * The objective of a configuration as a program and the feeding of it.
 * @throws AppError config/invalid, graph/shape
 */
export function buildObjective(config: RunConfig, options: ObjectiveOptions): Objective {
  switch (config.objective) {
    case 'mlm':
    case 'finetune':
      return buildPairObjective(config, options);
    case 'hard':
      return buildHardObjective(config, options);
    case 'soft':
      return buildSoftObjective(config, options);
  }
}
