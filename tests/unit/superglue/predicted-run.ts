import { mkdirSync, writeFileSync } from 'node:fs';
import type { CheckpointRecord } from '../../../src-shared/run/records.ts';
import type { PredictionRecord } from '../../../src-shared/run/prediction-record.ts';
import {
  finishPrediction,
  predictionFiles,
  type PredictionName,
} from '../../../src-main/superglue/prediction-files.ts';

/** Files of a prediction as the engine and the pipeline leave them. */
export async function writePrediction(
  home: string,
  runId: string,
  name: PredictionName,
  records: readonly Pick<PredictionRecord, 'idx' | 'prediction'>[],
  checkpoint: Pick<CheckpointRecord, 'kind' | 'step' | 'sha256'> = { kind: 'best-Overall', step: 1, sha256: 'x' },
): Promise<void> {
  const files = predictionFiles(home, runId, name);
  mkdirSync(files.folder, { recursive: true });
  const lines = records.map(({ idx, prediction }) => `${JSON.stringify({ idx, label: prediction })}\n`);
  writeFileSync(files.lines, lines.join(''));
  if (name !== 'test') writeFileSync(files.details, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  await finishPrediction(files, checkpoint as CheckpointRecord, { lines: records.length, scores: {} });
}
