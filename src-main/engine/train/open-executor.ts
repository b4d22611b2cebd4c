import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { chooseExecutor, type ChosenExecutor } from '../executors/choose.ts';
import { EXECUTOR_NAMES } from '../executors/executor.ts';

/**
 * The executor that a configuration names, or for a resumed run the one it began with.
 * @throws AppError executor/unavailable (with what to do), checkpoint/invalid
 */
export async function openExecutor(config: RunConfig, required: string | undefined): Promise<ChosenExecutor> {
  const { executor: wanted } = config.engine;
  if (required === undefined) {
    return chooseExecutor(wanted).catch((error: unknown) => {
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
  const { executor } = await chooseExecutor(name).catch((error: unknown) => {
    throw withRemedy(error, `The run began on ${name} and can only go on there; start a new one for another executor.`);
  });
  return { executor, reason: `The run began on ${name}, and its last bits depend on it.` };
}

function withRemedy(error: unknown, remedy: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'executor/unavailable') return error;
  return new AppError(error.code, `${error.message} ${remedy}`, error.details, error);
}
