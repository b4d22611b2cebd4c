import { describe, expect, it } from 'vitest';
import { accuracy } from '../../../../src-main/engine/eval/accuracy.ts';
import { macroF1 } from '../../../../src-main/engine/eval/macro-f1.ts';
import { multiRcScores } from '../../../../src-main/engine/eval/multirc.ts';
import { SUPER_GLUE, TWO_MOONS, metricScores, overallScores } from '../../../../src-main/engine/eval/overall-scores.ts';
import type { TaskScore } from '../../../../src-main/engine/eval/overall-scores.ts';
import { isExactMatch, normalizeAnswer, recordScores, wordF1 } from '../../../../src-main/engine/eval/record.ts';
import { readJsonFixture } from '../../../support/fixtures.ts';

type Label = string | number | boolean;
interface Case<Example, Prediction, Value> {
  examples: Example[];
  preds: Record<string, Prediction>;
  strict: boolean;
  value: Value;
}
interface Answers {
  answers: { idx: number; label: number }[];
}
interface Query {
  idx: number;
  answers: { text: string }[];
}
interface MetricFixtures {
  accuracy: Case<{ idx: number; label: Label }, Label, number>[];
  f1: Case<{ idx: number; label: Label }, Label, number>[];
  multirc: Case<{ passage: { questions: Answers[] } }, number, [number, number]>[];
  record: Case<{ qas: Query[] }, string, [number, number]>[];
  record_helpers: { pred: string; truth: string; norm_pred: string; norm_truth: string; em: boolean; f1: number }[];
  scorer: {
    dataset: string;
    scores: Record<string, TaskScore>;
    overall: Record<string, number>;
    metrics: Record<string, number>;
  }[];
}

const fixtures = readJsonFixture<MetricFixtures>('metrics/data.json');

function byIdx<T>(predictions: Record<string, T>): Map<number, T> {
  return new Map(Object.entries(predictions).map(([idx, label]) => [Number(idx), label]));
}

describe('metrics of recorded predictions', () => {
  it.each(fixtures.accuracy)('accuracy $value', ({ examples, preds, strict, value }) => {
    expect(accuracy(examples, byIdx(preds), strict)).toBeCloseTo(value, 14);
  });

  it.each(fixtures.f1)('macro F1 $value', ({ examples, preds, strict, value }) => {
    expect(macroF1(examples, byIdx(preds), strict)).toBeCloseTo(value, 14);
  });

  it.each(fixtures.multirc)('MultiRC $value', ({ examples, preds, strict, value }) => {
    const questions = examples.flatMap(({ passage }) => passage.questions);
    const [f1a, exactMatch] = multiRcScores(questions, byIdx(preds), strict);
    expect(f1a).toBeCloseTo(value[0], 14);
    expect(exactMatch).toBeCloseTo(value[1], 14);
  });

  it.each(fixtures.record)('ReCoRD $value', ({ examples, preds, strict, value }) => {
    const [f1, exactMatch] = recordScores(
      examples.flatMap(({ qas }) => qas),
      byIdx(preds),
      strict,
    );
    expect(f1).toBeCloseTo(value[0], 14);
    expect(exactMatch).toBeCloseTo(value[1], 14);
  });

  it('normalises answers and compares their words', () => {
    expect(fixtures.record_helpers.length).toBeGreaterThan(100);
    for (const { pred, truth, norm_pred, norm_truth, em, f1 } of fixtures.record_helpers) {
      expect(normalizeAnswer(pred)).toBe(norm_pred);
      expect(normalizeAnswer(truth)).toBe(norm_truth);
      expect(isExactMatch(pred, truth)).toBe(em);
      expect(wordF1(pred, truth)).toBeCloseTo(f1, 14);
    }
    expect(normalizeAnswer('éa thé a')).toBe('éa thé');
  });

  it.each(fixtures.scorer)('overall scores of $dataset', ({ dataset, scores, overall, metrics }) => {
    const found = overallScores(dataset === 'nlp' ? SUPER_GLUE : TWO_MOONS, scores);
    expect(Object.keys(found).sort()).toEqual(Object.keys(overall).sort());
    for (const [name, value] of Object.entries(overall)) expect(found[name], name).toBeCloseTo(value, 12);
    expect(metricScores(scores)).toEqual(metrics);
  });

  it('refuses missing predictions when strict', () => {
    const examples = [{ idx: 4, label: 1 }];
    expect(() => accuracy(examples, new Map())).toThrow(/no prediction for example 4/);
    expect(() => multiRcScores([{ answers: examples }], new Map())).toThrow(/example 4/);
    expect(() => recordScores([{ idx: 4, answers: [{ text: 'a' }] }], new Map())).toThrow(/example 4/);
  });
});
