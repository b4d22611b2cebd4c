import { AppError } from '../../../src-shared/app-error.ts';
import type { PredictRequest } from '../../../src-shared/ipc/engine-protocol.ts';
import { DIAGNOSTIC_NAMES } from '../../../src-shared/config/superglue-tasks.ts';
import { dataFolder } from '../data/data-folders.ts';
import { loadTrainingData } from '../data/load-training-data.ts';
import { decodeIds, loadRunTokenizer, type TextConfig } from '../data/run-tokenizer.ts';
import { loadTaskExamples } from '../data/superglue-set/load-task.ts';
import { findSplit, readRows } from '../data/superglue-set/read-superglue.ts';
import { RECORD, recordExamples } from '../data/tasks/superglue/record.ts';
import type { TextExample } from '../data/tasks/superglue/text-example.ts';
import type { ClassificationTask, TaskExample } from '../data/tasks/task.ts';

/** The examples that a prediction is of. */
export interface PredictionData {
  readonly task: ClassificationTask;
  readonly examples: readonly TaskExample[];
  /** Text of some ids. */
  readonly decode: (ids: Int32Array) => string;
  /** Each example's texts, in the order of `examples`. */
  readonly texts: () => AsyncIterable<Omit<TextExample, 'label'>>;
}

/**
 * Reads a split, and nothing else, for a model that was fine-tuned with `config`.
 * @throws AppError input/invalid for a task that the model can't predict; file/*, config/invalid
 */
export async function loadPredictionData(request: PredictRequest): Promise<PredictionData> {
  const { config, dataDirectory, split } = request;
  const { data } = config;
  if (data.kind === 'text') return loadTextExamples(request, data);
  const training = await loadTrainingData(config, dataDirectory);
  const { tasks } = training;
  const decodeText = (ids: Int32Array): string => training.decode(ids);
  const [own] = tasks;
  if (own === undefined) throw new Error('fine-tuning needs a labeled task');
  if (request.task !== undefined && request.task !== own.task.name) throw foreignTask(request.task, own.task.name);
  const examples = own[split];
  return {
    task: own.task,
    examples,
    decode: decodeText,
    async *texts() {
      for (const { idx, rows } of examples) yield { idx, a: decodeText(rows[0]?.x ?? new Int32Array()), b: '' };
    },
  };
}

async function loadTextExamples(request: PredictRequest, data: TextConfig): Promise<PredictionData> {
  const { config, dataDirectory, split } = request;
  const ownTask = data.tasks.trim();
  const name = request.task ?? ownTask;
  const isDiagnostic = (DIAGNOSTIC_NAMES as readonly string[]).includes(name);
  if (name !== ownTask && !(isDiagnostic && ownTask === 'RTE')) throw foreignTask(name, ownTask);
  const tokenizer = await loadRunTokenizer(config, data, dataDirectory);
  const found = findSplit(dataFolder(dataDirectory, 'superglue', data.superglue), name, split);
  const examples = await loadTaskExamples({
    dataDirectory,
    set: data.superglue,
    task: name,
    split,
    tokenizer,
    maxLength: config.model.maxPositions,
    stride: data.windowStride,
  });
  return {
    task: found.task.pair ?? { ...RECORD, labels: [] },
    examples,
    decode: (ids) => decodeIds(tokenizer, ids),
    async *texts() {
      for await (const row of readRows(found)) {
        if (row.kind === 'pair') yield* row.examples;
        else yield* recordExamples(row.row).map(({ idx, query, passage }) => ({ idx, a: query, b: passage }));
      }
    },
  };
}

function foreignTask(name: string, ownTask: string): AppError {
  const more = ownTask === 'RTE' ? ` and the diagnostics ${DIAGNOSTIC_NAMES.join(' and ')}` : '';
  return new AppError(
    'input/invalid',
    `This run was fine-tuned on ${ownTask}: it predicts ${ownTask}${more}, not ${name}. Take a run of ${isOfRte(name) ? 'RTE' : name}.`,
    { task: name, expected: ownTask },
  );
}

function isOfRte(name: string): boolean {
  return (DIAGNOSTIC_NAMES as readonly string[]).includes(name);
}
