import { buildObjective } from '../objectives/build-objective.ts';
import { checkpointFiles } from './checkpoint-files.ts';
import { openExecutor } from './open-executor.ts';
import { prepareRunData, type PreparedData } from './run-data.ts';
import type { TrainParts } from './train-parts.ts';

/** The trainer's real parts. */
export const trainParts: TrainParts<PreparedData> = {
  prepareData: prepareRunData,
  buildObjective: (config, data) => buildObjective(config, data.objectiveOptions),
  openExecutor,
  checkpoints: checkpointFiles,
};
