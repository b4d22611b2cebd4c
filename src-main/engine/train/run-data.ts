import type { RunConfig } from '../../../src-shared/config/run-config.ts';
import { SPLITS, type ClassMap, type Split, type TeacherExample } from '../../../src-shared/ipc/engine-protocol.ts';
import { createBatchSource, maskOptions } from '../data/batch-source.ts';
import { loadTrainingData } from '../data/load-training-data.ts';
import type { IdMatrix } from '../data/micro-batch.ts';
import { needsLabeled } from '../data/needs-labeled.ts';
import { createPrefetchedSource } from '../data/prefetched-source.ts';
import { PAD_ID, SPECIAL_TOKENS } from '../data/special-tokens.ts';
import { batchShapes, type BatchShapes, type LabeledData, type TrainingData } from '../data/training-data.ts';
import { evaluateLabeled, evaluateMlm, scoreLabels } from '../eval/evaluate.ts';
import { averageWindows, positiveProbability } from '../eval/label-prediction.ts';
import { isLabeled } from '../eval/task-score.ts';
import type { ObjectiveOptions } from '../objectives/options.ts';
import { chunkRows } from './chunk-rows.ts';
import { evaluationShapes } from './evaluation-shapes.ts';
import { EVALUATION_SEED, chosenExamples, fixedChoice } from './fixed-choice.ts';
import { probeParts, type ProbePart } from './probe-texts.ts';
import type { RunData, RunSource, ScoreBatch, SplitEvaluation } from './train-parts.ts';
import { runLength } from './train-state.ts';

/** Logits of one call that are worth merging micro-batches for; more would only cost memory. */
const MERGED_LOGITS_BYTES = 256 * 2 ** 20;

/** A run's data and what follows from it for its objective. */
export interface PreparedData extends RunData {
  readonly training: TrainingData;
  readonly shapes: BatchShapes;
  readonly objectiveOptions: ObjectiveOptions;
}

/** Loads or generates everything that a run reads. */
export async function prepareRunData(config: RunConfig, dataDirectory: string): Promise<PreparedData> {
  const training = await loadTrainingData(config, dataDirectory);
  const shapes = batchShapes(config, training);
  const labeled = config.objective === 'finetune' ? labeledTask(training) : undefined;
  return {
    training,
    shapes,
    objectiveOptions: objectiveOptions(config, training, shapes, labeled),
    openSource: (startIndex) => openSource(config, dataDirectory, training, shapes, startIndex),
    evaluationSplits: labeled === undefined ? ['validation'] : SPLITS.filter((split) => labeled[split].some(isLabeled)),
    evaluateSplit: (split, score) =>
      labeled === undefined
        ? evaluateTexts(config, training, shapes, score)
        : evaluateTask(config, training, labeled, shapes, split, score),
    probe: hasTeacher(config) ? probeParts(training.unlabeledValidation, shapes) : [],
    describeTeacherExamples: (part, { xHat, yHat }) => describe(training, part, xHat, yHat),
  };
}

/**
 * Texts are prepared by a thread of their own. A micro-batch of Two Moons takes 4 to 11 microseconds; handing it over
 * between threads takes longer.
 */
function openSource(
  config: RunConfig,
  dataDirectory: string,
  training: TrainingData,
  shapes: BatchShapes,
  startIndex: number,
): RunSource {
  if (config.data.kind !== 'two-moons') return createPrefetchedSource(config, dataDirectory, shapes, { startIndex });
  const source = createBatchSource(config, training, { shapes, needsLabeled: needsLabeled(config) });
  return { microBatch: (index) => source.microBatch(index), dispose: () => Promise.resolve() };
}

/** The task that is fine-tuned on. */
export function labeledTask({ tasks }: TrainingData): LabeledData {
  const [task] = tasks;
  if (task === undefined) throw new Error('fine-tuning needs a labeled task');
  return task;
}

function objectiveOptions(
  config: RunConfig,
  training: TrainingData,
  shapes: BatchShapes,
  labeled: LabeledData | undefined,
): ObjectiveOptions {
  return {
    labelTokens: labeled?.task.labels.map(({ token }) => token) ?? [],
    marksSpans: labeled?.task.labels.length === 0,
    ...(labeled !== undefined && { evaluationShapes: evaluationShapes(shapes) }),
    shapes,
    microBatchesPerCall: mergedMicroBatches(config, shapes),
    padding: { unlabeled: training.unlabeledTrain.mayPad, labeled: mayPadLabeled(config, training, shapes) },
    chunkRows: chunkRows(config),
    totalSteps: runLength(config).totalSteps,
  };
}

/** The largest divisor of G whose micro-batches' logits stay small together. */
function mergedMicroBatches(config: RunConfig, shapes: BatchShapes): number {
  const { accumulation } = config.training;
  const length = config.objective === 'finetune' ? shapes.labeledLength : shapes.unlabeledLength;
  const bytes = shapes.rows * length * config.model.vocabularySize * 4;
  for (let merged = accumulation; merged > 1; merged--) {
    if (accumulation % merged === 0 && merged * bytes <= MERGED_LOGITS_BYTES) return merged;
  }
  return 1;
}

function mayPadLabeled(config: RunConfig, training: TrainingData, { labeledLength }: BatchShapes): boolean {
  const { samplesPerTask, batchSize } = config.training;
  // A micro-batch that mixes MLM's long rows with a task's short ones pads the latter.
  const mixesTasks = config.objective !== 'finetune' && config.meta.mlmAsTask && samplesPerTask % batchSize !== 0;
  if (mixesTasks) return true;
  return training.tasks.some(({ train }) =>
    train.some(({ rows }) => rows.some(({ x }) => x.length !== labeledLength || x.includes(PAD_ID))),
  );
}

/** Masked language modeling on the held-out texts. */
async function evaluateTexts(
  config: RunConfig,
  { unlabeledValidation: texts }: TrainingData,
  shapes: BatchShapes,
  score: ScoreBatch,
): Promise<SplitEvaluation> {
  const indexes = fixedChoice(texts.count, config.training.validationSize);
  const shape = { rows: shapes.evaluationRows, length: shapes.unlabeledLength };
  const { loss, accuracy } = await evaluateMlm(texts, indexes, EVALUATION_SEED, maskOptions(config), shape, score);
  return { scores: { loss, accuracy } };
}

async function evaluateTask(
  config: RunConfig,
  training: TrainingData,
  labeled: LabeledData,
  shapes: BatchShapes,
  split: Split,
  score: ScoreBatch,
): Promise<SplitEvaluation> {
  const all = labeled[split];
  const examples = split === 'test' ? all : chosenExamples(all, config.training.validationSize);
  const options = { shapes: evaluationShapes(shapes), score, decode: (ids: Int32Array) => training.decode(ids) };
  const { scores } = await evaluateLabeled(labeled.task, examples, options);
  const classMap = await drawClassMap(training, labeled, shapes, score);
  return { scores, ...(classMap === undefined ? {} : { classMap }) };
}

/** The positive label's probability over the grid, where the data has one and the task two labels. */
async function drawClassMap(
  { classMap }: TrainingData,
  { task }: LabeledData,
  shapes: BatchShapes,
  score: ScoreBatch,
): Promise<ClassMap | undefined> {
  if (classMap === undefined || task.labels.length !== 2) return undefined;
  const { windows } = await scoreLabels(task, classMap.examples, { shapes: evaluationShapes(shapes), score });
  const values = new Float32Array(classMap.side ** 2);
  for (const [idx, scores] of averageWindows(windows, 2)) values[idx] = positiveProbability(scores);
  return { side: classMap.side, values };
}

function hasTeacher({ objective }: RunConfig): boolean {
  return objective === 'hard' || objective === 'soft';
}

function describe(
  training: TrainingData,
  { xU, textIndexes }: ProbePart,
  xHat: IdMatrix,
  yHat: IdMatrix,
): TeacherExample[] {
  // A text's decoding leaves padding out; a teacher may write it.
  const words = new Map<number, string>([[PAD_ID, SPECIAL_TOKENS[PAD_ID] ?? '']]);
  const word = (id: number): string => {
    let text = words.get(id);
    if (text === undefined) {
      text = training.decode(Int32Array.of(id)) || `[${id}]`;
      words.set(id, text);
    }
    return text;
  };
  return Array.from({ length: xU.rows }, (_, row) => {
    const positions = Array.from({ length: xU.length }, (_none, s) => row * xU.length + s).filter(
      (at) => xU.ids[at] !== PAD_ID,
    );
    const text = ({ ids }: IdMatrix): string[] => positions.map((at) => word(ids[at] ?? PAD_ID));
    return { textIndex: textIndexes[row] ?? row, xU: text(xU), xHat: text(xHat), yHat: text(yHat) };
  });
}
