import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { forwardFlops } from '../bench/needed-flops.ts';
import { chooseExecutor, type ChosenExecutor } from '../executors/choose.ts';
import { EXECUTOR_NAMES } from '../executors/executor.ts';
import type { NativeSettings } from '../executors/tensorflow/native-environment.ts';

/** A forward pass below this is too small to share between cores: idle threads only spin and get in the way. */
const SMALL_FORWARD_FLOPS = 1e9;

/**
 * TensorFlow's threads inside one op, and whose kernels it takes; functions of the configuration, because sums depend on how
 * they are split. Compiled meta steps have passes that are worth a second core at any size.
 */
export function nativeOptions(config: RunConfig): NativeSettings {
  const { encoder, head } = forwardFlops(config, config.training.batchSize * config.model.maxPositions);
  if (encoder + head >= SMALL_FORWARD_FLOPS) return { largeProducts: true };
  const isCompiledMeta = config.engine.xla && (config.objective === 'hard' || config.objective === 'soft');
  return isCompiledMeta ? {} : { intraOpThreads: 1 };
}

/**
 * The executor that a configuration names, or for a resumed run the one it began with.
 * @throws AppError executor/unavailable (with what to do), checkpoint/invalid
 */
export async function openExecutor(config: RunConfig, required: string | undefined): Promise<ChosenExecutor> {
  const { executor: wanted } = config.engine;
  if (required === undefined) {
    return chooseExecutor(wanted, { tensorflow: nativeOptions(config) }).catch((error: unknown) => {
      throw withRemedy(
        error,
        `Set engine.executor to another one or to auto; \`metalmo doctor\` lists what is usable here.`,
      );
    });
  }
  const name = EXECUTOR_NAMES.find((one) => one === required);
  if (name === undefined) {
    throw new AppError('checkpoint/invalid', `The run began on '${required}', which is no executor of this program.`);
  }
  const { executor } = await chooseExecutor(name, { tensorflow: nativeOptions(config) }).catch((error: unknown) => {
    throw withRemedy(error, `The run began on ${name} and can only go on there; start a new one for another executor.`);
  });
  return { executor, reason: `The run began on ${name}, and its last bits depend on it.` };
}

function withRemedy(error: unknown, remedy: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'executor/unavailable') return error;
  return new AppError(error.code, `${error.message} ${remedy}`, error.details, error);
}
