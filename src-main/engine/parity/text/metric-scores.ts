import { z } from 'zod';
import { accuracy } from '../../eval/accuracy.ts';
import { macroF1 } from '../../eval/macro-f1.ts';
import { multiRcScores } from '../../eval/multirc.ts';
import { metricScores, overallScores, SUPER_GLUE, TWO_MOONS } from '../../eval/overall-scores.ts';
import { isExactMatch, normalizeAnswer, recordScores, wordF1 } from '../../eval/record.ts';
import { TOLERANCES, type Comparison, type Tolerance } from '../comparison.ts';
import { compareValues, type TextFixtures } from './text-fixtures.ts';

const Label = z.union([z.string(), z.number(), z.boolean()]);
const Score = z.union([z.number(), z.tuple([z.number(), z.number()])]);

function cases<Example extends z.ZodType, Prediction extends z.ZodType>(example: Example, prediction: Prediction) {
  const fields = { preds: z.record(z.string(), prediction), strict: z.boolean(), value: z.unknown() };
  return z.array(z.object({ ...fields, examples: z.array(example) }));
}
const labeled = cases(z.object({ idx: z.number(), label: Label }), Label);
const Answers = z.array(z.object({ idx: z.number(), label: z.number() }));
const Query = z.object({ idx: z.number(), answers: z.array(z.object({ text: z.string() })) });
const Helper = {
  ...{ pred: z.string(), truth: z.string(), norm_pred: z.string(), norm_truth: z.string() },
  ...{ em: z.boolean(), f1: z.number() },
};

const MetricCases = z.object({
  accuracy: labeled.optional(),
  f1: labeled.optional(),
  multirc: cases(
    z.object({ passage: z.object({ questions: z.array(z.object({ answers: Answers })) }) }),
    z.number(),
  ).optional(),
  record: cases(z.object({ qas: z.array(Query) }), z.string()).optional(),
  record_helpers: z.array(z.object(Helper)).optional(),
  scorer: z
    .array(
      z.object({
        dataset: z.string(),
        scores: z.record(z.string(), Score),
        overall: z.record(z.string(), z.number()),
        metrics: z.record(z.string(), z.number()),
      }),
    )
    .optional(),
});

const byIdx = <T>(predictions: Readonly<Record<string, T>>): Map<number, T> =>
  new Map(Object.entries(predictions).map(([idx, prediction]) => [Number(idx), prediction]));

/** Scores of recorded predictions. */
export function metricScoresOf(fixtures: TextFixtures): Comparison[] {
  const recorded = fixtures.read(MetricCases, 'metrics', 'data.json');
  if (recorded === undefined) return [];
  const comparisons: Comparison[] = [];
  const line = (
    variant: string,
    quantity: string,
    pairs: readonly (readonly [unknown, unknown])[],
    how?: Tolerance,
  ) => {
    if (pairs.length === 0) return;
    const [got, expected] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
    comparisons.push(compareValues({ case: 'metrics', variant }, quantity, got, expected, how));
  };
  const {
    accuracy: shares = [],
    f1 = [],
    multirc = [],
    record = [],
    record_helpers: helpers = [],
    scorer = [],
  } = recorded;
  line(
    'accuracy',
    'scores',
    shares.map((one) => [accuracy(one.examples, byIdx(one.preds), one.strict), one.value]),
    TOLERANCES.metric,
  );
  line(
    'f1',
    'scores',
    f1.map((one) => [macroF1(one.examples, byIdx(one.preds), one.strict), one.value]),
    TOLERANCES.metric,
  );
  line(
    'multirc',
    'scores',
    multirc.map(({ examples, preds, strict, value }) => {
      const questions = examples.flatMap(({ passage }) => passage.questions);
      return [multiRcScores(questions, byIdx(preds), strict), value];
    }),
    TOLERANCES.metric,
  );
  line(
    'record',
    'scores',
    record.map(({ examples, preds, strict, value }) => {
      const queries = examples.flatMap(({ qas }) => qas);
      return [recordScores(queries, byIdx(preds), strict), value];
    }),
    TOLERANCES.metric,
  );
  line(
    'record_helpers',
    'normalised answers',
    helpers.map(({ pred, truth, norm_pred, norm_truth }) => [
      [normalizeAnswer(pred), normalizeAnswer(truth)],
      [norm_pred, norm_truth],
    ]),
  );
  line(
    'record_helpers',
    'exact matches',
    helpers.map(({ pred, truth, em }) => [isExactMatch(pred, truth), em]),
  );
  line(
    'record_helpers',
    'word F1',
    helpers.map(({ pred, truth, f1: value }) => [wordF1(pred, truth), value]),
    TOLERANCES.metric,
  );
  line(
    'scorer',
    'overall scores',
    scorer.map(({ dataset, scores, overall }) => [
      overallScores(dataset === 'nlp' ? SUPER_GLUE : TWO_MOONS, scores),
      overall,
    ]),
    TOLERANCES.metric,
  );
  line(
    'scorer',
    'metrics',
    scorer.map(({ scores, metrics }) => [metricScores(scores), metrics]),
  );
  return comparisons;
}
