import { encodeNumber } from '../../../src-shared/run/number-json.ts';
import type { PredictionRecord } from '../../../src-shared/run/prediction-record.ts';
import type { TextExample } from '../data/tasks/superglue/text-example.ts';
import type { ClassificationTask, TaskExample } from '../data/tasks/task.ts';
import type { LabeledEvaluation } from './evaluate.ts';
import { missingPrediction } from './predictions.ts';
import { recordScores } from './record.ts';

type Evaluated = Pick<LabeledEvaluation, 'predictions' | 'labelScores' | 'spans'>;

/**
 * An example beside what a model says of it.
 * @throws AppError input/invalid when it was not predicted
 */
export function predictionRecord(
  task: ClassificationTask,
  { idx, label, answers }: Pick<TaskExample, 'idx' | 'label' | 'answers'>,
  { a, b, group }: Pick<TextExample, 'a' | 'b' | 'group'>,
  { predictions, labelScores, spans }: Evaluated,
): PredictionRecord {
  const prediction = predictions.get(idx);
  if (prediction === undefined) throw missingPrediction(idx);
  const scores = labelScores.get(idx);
  const logProbability = spans.get(idx)?.logProbability;
  return {
    idx,
    ...(group !== undefined && { group }),
    a,
    b,
    ...(answers !== undefined
      ? { target: [...answers], ...answerFacts(idx, answers, String(prediction)) }
      : label !== undefined && { target: label, isRight: label === prediction }),
    prediction,
    labelScores: Object.fromEntries(
      task.labels.map((entry, i) => [String(entry.label), encodeNumber(scores?.[i] ?? Number.NaN)]),
    ),
    ...(logProbability !== undefined &&
      logProbability !== -Infinity && { logProbability: encodeNumber(logProbability) }),
  };
}

function answerFacts(idx: number, answers: readonly string[], prediction: string): { isRight: boolean; f1: number } {
  const query = { idx, answers: answers.map((text) => ({ text })) };
  const [f1, exactMatch] = recordScores([query], new Map([[idx, prediction]]));
  return { isRight: exactMatch === 1, f1 };
}
