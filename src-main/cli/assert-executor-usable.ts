import { AppError } from '../../src-shared/app-error.ts';
import type { RunConfig } from '../../src-shared/config/run-config.ts';
import { doctorInOwnProcess } from '../doctor-process.ts';

/**
 * Refuses a configuration that names an executor this machine can't use, before anything is written. "auto" takes
 * what there is and needs no check.
 * @throws AppError executor/unavailable
 */
export async function assertExecutorUsable({ engine }: RunConfig): Promise<void> {
  if (engine.executor === 'auto') return;
  const { executors, chosen } = await doctorInOwnProcess()();
  const asked = executors.find(({ name }) => name === engine.executor);
  if (asked === undefined || asked.usable) return;
  throw new AppError(
    'executor/unavailable',
    `Executor '${asked.name}' can't be used here: ${asked.reason} ${asked.whatToDo} Or take --executor auto, which is ${chosen.name} on this machine.`,
    { executor: asked.name },
  );
}
