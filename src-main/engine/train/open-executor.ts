import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { chooseExecutor, type ChosenExecutor } from '../executors/choose.ts';
import { EXECUTOR_NAMES } from '../executors/executor.ts';

/**
 * The executor that a configuration names, or for a resumed run the one it began with.
 * @throws AppError executor/unavailable, checkpoint/invalid
 */
export async function openExecutor(config: RunConfig, required: string | undefined): Promise<ChosenExecutor> {
  if (required === undefined) return chooseExecutor(config.engine.executor);
  const name = EXECUTOR_NAMES.find((one) => one === required);
  if (name === undefined) {
    throw new AppError('checkpoint/invalid', `The run began on '${required}', which is no executor of this program.`);
  }
  const { executor } = await chooseExecutor(name);
  return { executor, reason: `The run began on ${name}, and its last bits depend on it.` };
}
