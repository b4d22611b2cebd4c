import { AppError } from '../../src-shared/app-error.ts';
import type { EngineCommand, EngineMessage } from '../../src-shared/ipc/engine-protocol.ts';
import { fromWireError } from '../../src-shared/ipc/wire-error.ts';
import type { EngineLauncher } from './engine-process.ts';
import { endOfEngine } from './exit-reason.ts';

/**
 * One piece of work in an engine process of its own.
 * @param what in messages, e.g. "prediction"
 * @param answerOf the result where a message is the answer
 * @throws AppError whatever the engine reports; executor/failed where it ends without a word
 */
export function askEngine<Result>(
  launch: EngineLauncher,
  command: EngineCommand,
  what: string,
  answerOf: (message: EngineMessage) => Result | undefined,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const engine = launch(undefined);
    let settled = false;
    engine.onMessage((message) => {
      const answer = answerOf(message);
      if (answer !== undefined) {
        settled = true;
        resolve(answer);
      } else if (message.type === 'failed') {
        settled = true;
        reject(fromWireError(message.error));
        engine.kill();
      }
    });
    engine.onExit((exit) => {
      if (settled) return;
      const { error } = endOfEngine(exit);
      reject(new AppError('executor/failed', `The ${what} did not end: ${error.message}`, error.details));
    });
    engine.send(command);
  });
}
