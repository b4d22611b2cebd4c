import { z } from 'zod';
import { PAD_ID } from '../../data/special-tokens.ts';
import { RecordRow } from '../../data/tasks/superglue/record.ts';
import { PAIR_TASKS } from '../../data/tasks/superglue/tasks.ts';
import type { ClassificationTask } from '../../data/tasks/task.ts';
import { WHICH_MOON } from '../../data/tasks/which-moon.ts';
import { accuracy } from '../../eval/accuracy.ts';
import { predictLabels } from '../../eval/label-prediction.ts';
import { macroF1 } from '../../eval/macro-f1.ts';
import { multiRcScores } from '../../eval/multirc.ts';
import { predictSpans } from '../../eval/record-prediction.ts';
import { recordScores } from '../../eval/record.ts';
import { TOLERANCES, type Comparison } from '../comparison.ts';
import { recordedLogits, type RecordedLogits } from './recorded-logits.ts';
import { compareValues, type TextFixtures } from './text-fixtures.ts';

const Label = z.union([z.string(), z.number(), z.boolean()]);
type Label = z.output<typeof Label>;
const Predicted = z.record(z.string(), Label);

const PredictedTask = z.object({
  predict: z.object({ pred: Predicted }),
  score: z.object({
    strict_false: z.unknown(),
    random_preds: Predicted,
    random_strict: z.unknown(),
    random_half_not_strict: z.unknown(),
  }),
});

const MoonTask = z.object({
  predict: Predicted,
  score: z.number(),
  examples: z.array(z.object({ example: z.object({ idx: z.number(), label: z.number().optional() }) })),
});

/** Scores of predictions for a task's rows, as the reference returns them. */
type Score = (rows: readonly unknown[], predictions: ReadonlyMap<number, Label>, isStrict: boolean) => unknown;

const MultiRcAnswers = z.array(z.object({ idx: z.number(), label: z.number() }));
const MultiRcRow = z.object({
  passage: z.object({ questions: z.array(z.object({ answers: MultiRcAnswers })) }),
});

const SCORERS: Readonly<Record<string, Score>> = {
  CB: (rows, predictions, isStrict) => [
    macroF1(labeled('CB', rows), predictions, isStrict),
    accuracy(labeled('CB', rows), predictions, isStrict),
  ],
  MultiRC: (rows, predictions, isStrict) => {
    // where predictions may be missing, the task scores the answers that have one
    const isScored = ({ idx }: { idx: number }): boolean => isStrict || predictions.has(idx);
    const questions = rows
      .flatMap((row) => MultiRcRow.parse(row).passage.questions)
      .map(({ answers }) => ({ answers: answers.filter(isScored) }))
      .filter(({ answers }) => answers.length > 0);
    return multiRcScores(questions, new Map([...predictions].map(([idx, label]) => [idx, Number(label)])), isStrict);
  },
  ReCoRD: (rows, predictions, isStrict) => {
    const queries = rows.flatMap((row) => RecordRow.parse(row).qas);
    const texts = new Map([...predictions].map(([idx, text]) => [idx, String(text)]));
    return recordScores(
      queries.map(({ idx, answers = [] }) => ({ idx, answers })),
      texts,
      isStrict,
    );
  },
};

function labeled(name: string, rows: readonly unknown[]): { idx: number; label: Label }[] {
  const task = PAIR_TASKS.find((one) => one.name === name);
  const examples = rows.flatMap((row) => task?.examples(task.row.parse(row)) ?? []);
  return examples.flatMap(({ idx, label }) => (label === undefined ? [] : [{ idx, label }]));
}

/** What the tasks make of recorded logits, and the scores of recorded predictions. */
export async function predictedTasks(fixtures: TextFixtures): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const name of [...PAIR_TASKS.map((task) => task.name), 'ReCoRD']) {
    const recorded = fixtures.read(PredictedTask, 'encode', `${name}.json`);
    if (recorded === undefined) continue;
    const where = { case: 'encode', variant: name };
    const { pred } = recorded.predict;
    const tensors = fixtures.tensors(`predict_${name}.safetensors`);
    if (tensors !== undefined) {
      const task = PAIR_TASKS.find((one) => one.name === name);
      const logits = recordedLogits(tensors);
      const got = task === undefined ? await recordAnswers(fixtures, logits) : taskLabels(task, logits);
      comparisons.push(compareValues(where, 'predictions', Object.fromEntries(got), pred));
    }
    const rows = fixtures.rows(name, 'val');
    if (rows === undefined) continue;
    const score: Score =
      SCORERS[name] ?? ((all, predictions, isStrict) => accuracy(labeled(name, all), predictions, isStrict));
    const { strict_false, random_preds, random_strict, random_half_not_strict } = recorded.score;
    const half = byIdx(random_preds).filter((_entry, i) => i % 2 === 0);
    const scores = [
      ['score of the predictions', byIdx(pred), false, strict_false],
      ['score of random predictions', byIdx(random_preds), true, random_strict],
      ['score of half of them', half, false, random_half_not_strict],
    ] as const;
    for (const [quantity, predictions, isStrict, expected] of scores) {
      const got = score(rows, new Map(predictions), isStrict);
      comparisons.push(compareValues(where, quantity, got, expected, TOLERANCES.metric));
    }
  }
  return [...comparisons, ...predictedMoons(fixtures)];
}

function byIdx(predictions: Readonly<Record<string, Label>>): [number, Label][] {
  return Object.entries(predictions).map(([idx, label]) => [Number(idx), label]);
}

/** Labels from the mean logit of each label's token, padding counting 0. */
function taskLabels<One>(task: ClassificationTask<One>, logits: RecordedLogits): Map<number, One> {
  const windows = logits.windows.map(({ idx, x, at }) => {
    const scores = task.labels.map(({ token }) => {
      let sum = 0;
      for (let s = 0; s < x.length; s++) if (x[s] !== PAD_ID) sum += at(s, token);
      return sum / x.length;
    });
    return { idx, scores };
  });
  return predictLabels(task, windows);
}

async function recordAnswers(fixtures: TextFixtures, logits: RecordedLogits): Promise<Map<number, string>> {
  const tokenizer = await fixtures.tokenizer();
  const windows = logits.windows.map(({ idx, x, mostProbable, logProbability }) => {
    const positions = Array.from(x, (_id, s) => s);
    return { idx, x, token: positions.map(mostProbable), logProbability: positions.map(logProbability) };
  });
  return new Map(Array.from(predictSpans(windows), ([idx, { ids }]) => [idx, tokenizer.decode(ids)]));
}

function predictedMoons(fixtures: TextFixtures): Comparison[] {
  const recorded = fixtures.read(MoonTask, 'encode', 'Which_MOON.json');
  const tensors = fixtures.tensors('predict_Which_MOON.safetensors');
  if (recorded === undefined || tensors === undefined) return [];
  const where = { case: 'encode', variant: 'Which_MOON' };
  const predictions = taskLabels(WHICH_MOON, recordedLogits(tensors));
  // examples of several splits; the first was predicted
  const examples = new Map<number, { idx: number; label: number }>();
  for (const { example } of recorded.examples) {
    const { idx, label } = example;
    if (label !== undefined && predictions.has(idx) && !examples.has(idx)) examples.set(idx, { idx, label });
  }
  return [
    compareValues(where, 'predictions', Object.fromEntries(predictions), recorded.predict),
    compareValues(
      where,
      'score of the predictions',
      accuracy([...examples.values()], predictions),
      recorded.score,
      TOLERANCES.metric,
    ),
  ];
}
