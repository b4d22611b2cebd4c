import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { DiagnosticName } from '../../src-shared/config/superglue-tasks.ts';
import type { CheckpointRecord, Scores } from '../../src-shared/run/records.ts';
import { decodeScores, encodeScores, JsonNumber } from '../../src-shared/run/number-json.ts';
import { renameDurably, TEMPORARY_SUFFIX, writeDurably } from '../engine/train/write-atomically.ts';
import { runDirectory } from '../runs/run-files.ts';

/** What a run predicts: splits of its task, and diagnostics where its task is RTE. */
export type PredictionName = 'validation' | 'test' | DiagnosticName;

const Note = z.strictObject({
  checkpoint: z.string(),
  step: z.int(),
  /** Of the checkpoint's tensors: other weights make it worthless. */
  sha256: z.string(),
  lines: z.int().min(0),
  scores: z.record(z.string(), JsonNumber),
});

/** A finished prediction. */
export interface StoredPrediction {
  readonly lines: number;
  readonly scores: Scores;
}

export interface PredictionFiles {
  readonly folder: string;
  /** `{"idx": ..., "label": ...}` per line. */
  readonly lines: string;
  /** A PredictionRecord per line; not of test. */
  readonly details: string;
  /** Written last: the prediction is whole from then on. */
  readonly note: string;
}

/** They lie with their run, so that they go with it. */
export function predictionFiles(home: string, runId: string, name: PredictionName): PredictionFiles {
  const folder = join(runDirectory(home, runId), 'predictions');
  return {
    folder,
    lines: join(folder, `${name}.jsonl`),
    details: join(folder, `${name}.details.jsonl`),
    note: join(folder, `${name}.json`),
  };
}

/** The prediction of a run with the weights of this checkpoint; undefined where it is not there, or not whole. */
export function storedPrediction(
  home: string,
  runId: string,
  name: PredictionName,
  checkpoint: CheckpointRecord,
): StoredPrediction | undefined {
  const files = predictionFiles(home, runId, name);
  try {
    const note = Note.parse(JSON.parse(readFileSync(files.note, 'utf8')));
    if (note.sha256 !== checkpoint.sha256 || !existsSync(files.lines)) return undefined;
    return { lines: note.lines, scores: decodeScores(note.scores) };
  } catch {
    // Not there, or not readable: it is made again.
    return undefined;
  }
}

/** Makes room for a prediction: what was there is of other weights, and no longer counts from here on. */
export function beginPrediction(files: PredictionFiles): void {
  rmSync(files.note, { force: true });
  mkdirSync(files.folder, { recursive: true });
}

/** @throws AppError file/io */
export async function finishPrediction(
  files: PredictionFiles,
  { kind, step, sha256 }: CheckpointRecord,
  { lines, scores }: StoredPrediction,
): Promise<void> {
  const note: z.infer<typeof Note> = { checkpoint: kind, step, sha256, lines, scores: encodeScores(scores) };
  const temporary = `${files.note}${TEMPORARY_SUFFIX}`;
  await writeDurably(temporary, [new TextEncoder().encode(`${JSON.stringify(note)}\n`)]);
  await renameDurably(temporary, files.note);
}
