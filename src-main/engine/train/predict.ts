import { AppError } from '../../../src-shared/app-error.ts';
import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import type { PredictRequest } from '../../../src-shared/ipc/engine-protocol.ts';
import { longestRow } from '../data/tasks/task.ts';
import { evaluationRowsOf } from '../data/training-data.ts';
import { evaluateLabeled, type LabeledEvaluation } from '../eval/evaluate.ts';
import { predictionRecord } from '../eval/prediction-records.ts';
import { submissionLines, type SubmittedExample } from '../eval/submission.ts';
import type { ObjectiveOptions } from '../objectives/options.ts';
import { buildPrediction } from '../objectives/prediction.ts';
import { chunkRows } from './chunk-rows.ts';
import { evaluationShapes } from './evaluation-shapes.ts';
import { loadPredictionData, type PredictionData } from './prediction-data.ts';
import { STUDENT_PARAMETERS, type TrainParts } from './train-parts.ts';
import { renameDurably, TEMPORARY_SUFFIX, writeDurably } from './write-atomically.ts';

/**
 * Predicts every example of a split and writes the lines of a submission, and on request a `PredictionRecord` per example; files
 * appear whole or not at all. Scores where the split has labels, without the loss, which would take most of the time.
 * @throws AppError input/invalid, checkpoint/*, executor/*, file/io
 */
export async function predict(
  request: PredictRequest,
  parts: Pick<TrainParts, 'openExecutor' | 'checkpoints'>,
): Promise<{ file: string; lines: number; scores: Record<string, number> }> {
  const { config, checkpointFile, outFile, detailsFile } = request;
  if (config.objective !== 'finetune') {
    throw new AppError('input/invalid', `Only fine-tuned runs predict labels; this one is ${config.objective}.`);
  }
  const parameters = await parts.checkpoints.loadStudent(checkpointFile, config);
  const data = await loadPredictionData(request);
  const options = optionsOf(config, data);
  const { program, evaluationCall, evaluation } = buildPrediction(config, options);
  const { executor } = await parts.openExecutor(config, undefined);
  let evaluated: LabeledEvaluation;
  try {
    const session = await executor.compile(program, { xla: config.engine.xla });
    try {
      await session.write(STUDENT_PARAMETERS, parameters);
      evaluated = await evaluateLabeled(data.task, data.examples, {
        shapes: options.evaluationShapes,
        decode: data.decode,
        score: async (x, y) => {
          const call = evaluationCall(x, y);
          return evaluation(await session.run(call.functionName, call.feeds), x, y);
        },
      });
    } finally {
      session.dispose();
    }
  } finally {
    executor.dispose();
  }
  const { submission, records } = await describe(data, evaluated, detailsFile !== undefined);
  if (detailsFile !== undefined) await writeWhole(detailsFile, records);
  await writeWhole(outFile, submission);
  return { file: outFile, lines: submission.length, scores: { ...evaluated.scores } };
}

/** Those of an evaluation of these examples alone. */
function optionsOf(config: RunConfig, { task, examples }: PredictionData) {
  const labeledLength = examples.reduce((length, example) => Math.max(length, longestRow(example)), 1);
  const shapes = {
    rows: config.training.batchSize,
    unlabeledLength: labeledLength,
    labeledLength,
    evaluationRows: evaluationRowsOf(labeledLength),
  };
  return {
    labelTokens: task.labels.map(({ token }) => token),
    marksSpans: task.labels.length === 0,
    evaluatesLoss: false,
    evaluationShapes: evaluationShapes(shapes),
    shapes,
    chunkRows: chunkRows(config),
  } satisfies ObjectiveOptions;
}

async function describe(
  { task, examples, texts }: PredictionData,
  evaluated: LabeledEvaluation,
  wantsRecords: boolean,
): Promise<{ submission: string[]; records: string[] }> {
  const submitted: SubmittedExample[] = [];
  const records: string[] = [];
  let at = 0;
  for await (const text of texts()) {
    const example = examples[at++];
    if (example?.idx !== text.idx) throw new Error(`example ${text.idx} is not where its text is`);
    const { idx, group, passage } = text;
    submitted.push({ idx, ...(group !== undefined && { group }), ...(passage !== undefined && { passage }) });
    if (wantsRecords) records.push(`${JSON.stringify(predictionRecord(task, example, text, evaluated))}\n`);
  }
  return { submission: submissionLines(task.name, submitted, evaluated.predictions), records };
}

/** @throws AppError file/io; the file is as it was then */
async function writeWhole(file: string, lines: readonly string[]): Promise<void> {
  const temporary = `${file}.${process.pid}${TEMPORARY_SUFFIX}`;
  await writeDurably(temporary, [new TextEncoder().encode(lines.join(''))]);
  await renameDurably(temporary, file);
}
