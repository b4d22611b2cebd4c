import { AppError } from '../../src-shared/app-error.ts';
import type { PredictRequest } from '../../src-shared/ipc/engine-protocol.ts';
import { fromWireError } from '../../src-shared/ipc/wire-error.ts';
import type { Scores } from '../../src-shared/run/records.ts';
import type { EngineLauncher } from './engine-process.ts';
import { endOfEngine } from './exit-reason.ts';

export interface PredictionResult {
  readonly file: string;
  readonly lines: number;
  readonly scores: Scores;
}

/**
 * Predicts in an engine process of its own.
 * @throws AppError whatever the engine reports; executor/failed where it ends without a word
 */
export function predictInEngine(launch: EngineLauncher, request: PredictRequest): Promise<PredictionResult> {
  return new Promise((resolve, reject) => {
    const engine = launch(undefined);
    let settled = false;
    engine.onMessage((message) => {
      if (message.type === 'predicted') {
        settled = true;
        const { file, lines, scores } = message;
        resolve({ file, lines, scores });
      } else if (message.type === 'failed') {
        settled = true;
        reject(fromWireError(message.error));
        engine.kill();
      }
    });
    engine.onExit((exit) => {
      if (settled) return;
      const { error } = endOfEngine(exit);
      reject(new AppError('executor/failed', `The prediction did not end: ${error.message}`, error.details));
    });
    engine.send({ type: 'predict', request });
  });
}
