import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { Estimate } from '../../../src-shared/ipc/contract/configuration.ts';
import type { Host } from '../host.ts';

/** Weights, gradients and both moments of Adam, in float32. */
const TRAINING_COPIES = 4;
const FLOAT_BYTES = 4;
/** What an engine process takes without a model. */
const ENGINE_BYTES = 200_000_000;

/** What a configuration will need. */
export function estimate({ parameterCounts }: Pick<Host, 'parameterCounts'>, config: RunConfig): Estimate {
  const { student, teacher } = parameterCounts(config);
  const parameters = student + teacher;
  return {
    studentParameters: student,
    teacherParameters: teacher,
    memoryBytes: ENGINE_BYTES + parameters * TRAINING_COPIES * FLOAT_BYTES,
    seconds: null,
    checkpointBytes: parameters * 3 * FLOAT_BYTES,
    basis: 'From the number of parameters alone: weights, gradients and optimizer state, without activations.',
  };
}
