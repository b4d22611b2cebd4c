import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_NAME, textFinetuning, textSmokeSize } from '../../../../src-shared/config/presets/text.ts';
import type { RunConfig } from '../../../../src-shared/config/run-config.ts';
import { SUPERGLUE_TASK_NAMES, type SuperGlueTaskName } from '../../../../src-shared/config/superglue-tasks.ts';
import type { PredictRequest, TrainReport } from '../../../../src-shared/ipc/engine-protocol.ts';
import { PredictionRecord } from '../../../../src-shared/run/prediction-record.ts';
import { metricKeys, taskScore } from '../../../../src-shared/run/superglue-scores.ts';
import { trainParts } from '../../../../src-main/engine/train/compose.ts';
import { predict } from '../../../../src-main/engine/train/predict.ts';
import { TrainControl } from '../../../../src-main/engine/train/train-control.ts';
import { train } from '../../../../src-main/engine/train/trainer.ts';

/** A fine-tuning on the shipped sample that takes a second or two without any native library. */
function tiny(task: SuperGlueTaskName): RunConfig {
  const config = textSmokeSize(textFinetuning(task));
  return {
    ...config,
    model: { ...config.model, layers: 1, modelDim: 8, feedForwardDim: 16 },
    optimizer: { ...config.optimizer, warmupSteps: 1 },
    training: { ...config.training, epochSize: 16, epochs: 1, evaluateEveryExamples: 8, validationSize: 100 },
    engine: { ...config.engine, executor: 'wasm' },
  };
}

interface Written {
  readonly idx: number;
  readonly label: unknown;
}
interface Passage {
  readonly passage: { readonly questions: readonly { readonly answers: readonly Written[] }[] };
}

const answersOf = ({ passage }: Passage): Written[] => passage.questions.flatMap(({ answers }) => answers);

/** A minute for what takes seconds on an idle machine. */
const PATIENT_MS = 60_000;

describe('fine-tuning and prediction on the shipped sample', () => {
  let folder: string;
  const best = new Map<string, { file: string; scores: Readonly<Record<string, number>> }>();
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'metalmo-predict-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** All tasks have models of one size, so one task's weights predict any task, for better or worse. */
  const request = (task: SuperGlueTaskName, more: Partial<PredictRequest> = {}): PredictRequest => ({
    config: tiny(task),
    dataDirectory: join(folder, 'data'),
    checkpointFile: (best.get(task) ?? best.get('CB'))?.file ?? '',
    split: 'validation',
    outFile: join(folder, `${task}.jsonl`),
    ...more,
  });
  const linesOf = (file: string): unknown[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  it.each(['CB', 'ReCoRD'] as const)(
    'evaluates %s and keeps its best checkpoint by Overall',
    async (task) => {
      const { config, dataDirectory } = request(task);
      const reports: TrainReport[] = [];
      const checkpointDirectory = join(folder, 'checkpoints', task);
      const start = { kind: 'fresh' as const };
      const training = { runId: task, config, dataDirectory, checkpointDirectory, start, bestFiles: {} };
      for await (const report of train(training, new TrainControl(), trainParts)) {
        reports.push(report);
        if (report.type === 'checkpoint' && report.kind === 'best-Overall') best.set(task, report);
      }
      const kinds = reports.filter((report) => report.type === 'checkpoint').map(({ kind }) => kind);
      expect(new Set(kinds)).toEqual(new Set(['latest', 'best-loss', 'best-Overall']));
      // The test split has no labels.
      const splits = reports.filter((report) => report.type === 'evaluation').map(({ split }) => split);
      expect(new Set(splits)).toEqual(new Set(['validation']));
      const scores = best.get(task)?.scores ?? {};
      expect(Object.keys(scores).sort()).toEqual(['Overall', 'loss', ...metricKeys(task)].sort());
      expect(scores['Overall']).toBeCloseTo(taskScore(task, scores) ?? Number.NaN, 10);
      for (const key of metricKeys(task)) {
        expect(reports.at(-1)).toMatchObject({ type: 'finished', scores: { [`validation.best.${key}`]: scores[key] } });
      }
    },
    PATIENT_MS,
  );

  it.each(SUPERGLUE_TASK_NAMES)(
    'predicts %s',
    async (task) => {
      const detailsFile = join(folder, `${task}.details.jsonl`);
      const { file, lines, scores } = await predict(request(task, { detailsFile }), trainParts);
      expect(Object.keys(scores).sort()).toEqual(['Overall', ...metricKeys(task)].sort());
      // The whole split was evaluated in training.
      const known = best.get(task)?.scores;
      if (known !== undefined) expect({ ...scores, loss: known['loss'] }).toEqual(known);
      const records = linesOf(detailsFile).map((line) => PredictionRecord.parse(line));
      const share = records.filter(({ isRight }) => isRight === true).length / records.length;
      if (metricKeys(task).length === 1) expect(100 * share).toBeCloseTo(scores['Overall'] ?? -1, 8);
      for (const { a, b, target } of records) {
        expect([a, b]).not.toContain('');
        expect(target).toBeDefined();
      }
      const written = linesOf(file);
      expect(written.length).toBe(lines);
      const flat = task === 'MultiRC' ? (written as Passage[]).flatMap(answersOf) : (written as Written[]);
      expect(flat.map(({ idx }) => idx)).toEqual(records.map(({ idx }) => idx));
      expect(flat.map(({ label }) => String(label).toLowerCase())).toEqual(
        records.map(({ prediction }) => String(prediction).toLowerCase()),
      );
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    },
    PATIENT_MS,
  );

  it(
    'predicts a test split without labels, and the diagnostics with a model of RTE alone',
    async () => {
      const test = await predict(request('COPA', { split: 'test' }), trainParts);
      expect(test.scores).toEqual({});
      expect(linesOf(test.file).length).toBe(test.lines);
      const diagnostic = await predict(request('RTE', { task: 'AX-b', split: 'test' }), trainParts);
      const labels = (linesOf(diagnostic.file) as { label: string }[]).map(({ label }) => label);
      expect(labels.length).toBe(diagnostic.lines);
      expect(['entailment', 'not_entailment']).toEqual(expect.arrayContaining([...new Set(labels)]));
      await expect(predict(request('CB', { task: 'AX-b', split: 'test' }), trainParts)).rejects.toThrow(
        /fine-tuned on CB: it predicts CB, not AX-b\. Take a run of RTE/,
      );
      await expect(predict(request('RTE', { task: 'AX-g', split: 'train' }), trainParts)).rejects.toThrow(
        new RegExp(`'${SAMPLE_NAME}' has no train split of AX-g`),
      );
    },
    PATIENT_MS,
  );
});
