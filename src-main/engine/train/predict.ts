import { open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../../src-shared/app-error.ts';
import type { PredictRequest } from '../../../src-shared/ipc/engine-protocol.ts';
import { evaluateLabeled } from '../eval/evaluate.ts';
import { buildObjective } from '../objectives/build-objective.ts';
import { evaluationShapes } from './evaluation-shapes.ts';
import { labeledTask, prepareRunData } from './run-data.ts';
import { STUDENT_PARAMETERS, type TrainParts } from './train-parts.ts';

/**
 * Predicts every example of a split and writes one `{"idx": ..., "label": ...}` per line, in the order of the split;
 * the file appears whole or not at all. Scores where the split has labels.
 * @throws AppError input/invalid, checkpoint/*, executor/*, file/io
 */
export async function predict(
  request: PredictRequest,
  parts: Pick<TrainParts, 'openExecutor' | 'checkpoints'>,
): Promise<{ file: string; lines: number; scores: Record<string, number> }> {
  const { config, checkpointFile, split, outFile } = request;
  if (config.objective !== 'finetune') {
    throw new AppError('input/invalid', `Only fine-tuned runs predict labels; this one is ${config.objective}.`);
  }
  const parameters = await parts.checkpoints.loadStudent(checkpointFile, config);
  const { training, shapes, objectiveOptions } = await prepareRunData(config, request.dataDirectory);
  const objective = buildObjective(config, objectiveOptions);
  const { executor } = await parts.openExecutor(config, undefined);
  try {
    const session = await executor.compile(objective.program, { xla: config.engine.xla });
    try {
      await session.write(STUDENT_PARAMETERS, parameters);
      const { task, [split]: examples } = labeledTask(training);
      const { predictions, scores } = await evaluateLabeled(task, examples, {
        shapes: evaluationShapes(shapes),
        decode: (ids) => training.decode(ids),
        score: async (x, y) => {
          const call = objective.evaluationCall(x, y);
          return objective.evaluation(await session.run(call.functionName, call.feeds), x, y);
        },
      });
      const lines = examples.map(({ idx }) => `${JSON.stringify({ idx, label: predictions.get(idx) })}\n`);
      await writeWhole(outFile, lines.join(''));
      return { file: outFile, lines: lines.length, scores };
    } finally {
      session.dispose();
    }
  } finally {
    executor.dispose();
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new AppError(
      'file/io',
      `Can't write ${file}: ${error instanceof Error ? error.message : String(error)}`,
      { file },
      error,
    );
  }
}
