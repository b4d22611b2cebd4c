import type { PredictRequest } from '../../src-shared/ipc/engine-protocol.ts';
import type { Scores } from '../../src-shared/run/records.ts';
import { askEngine } from './ask-engine.ts';
import type { EngineLauncher } from './engine-process.ts';

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
  return askEngine(launch, { type: 'predict', request }, 'prediction', (message) => {
    if (message.type !== 'predicted') return undefined;
    const { file, lines, scores } = message;
    return { file, lines, scores };
  });
}
