import { describe, expect, it } from 'vitest';
import { superGlueTask } from '../../../../src-main/engine/data/tasks/superglue/tasks.ts';
import { predictionRecord } from '../../../../src-main/engine/eval/prediction-records.ts';
import { submissionLines } from '../../../../src-main/engine/eval/submission.ts';

const both = [{ idx: 0 }, { idx: 1 }];
const given = (...labels: (string | number | boolean)[]): Map<number, string | number | boolean> =>
  new Map(labels.map((label, idx) => [idx, label]));

describe('submissionLines', () => {
  it.each([
    ['BoolQ', given(true, false), ['{"idx":0,"label":"true"}', '{"idx":1,"label":"false"}']],
    ['WiC', given(false, true), ['{"idx":0,"label":"false"}', '{"idx":1,"label":"true"}']],
    ['WSC', given(false, true), ['{"idx":0,"label":"False"}', '{"idx":1,"label":"True"}']],
    ['COPA', given(1, 0), ['{"idx":0,"label":1}', '{"idx":1,"label":0}']],
    ['CB', given('neutral', 'entailment'), ['{"idx":0,"label":"neutral"}', '{"idx":1,"label":"entailment"}']],
    [
      'AX-g',
      given('entailment', 'not_entailment'),
      ['{"idx":0,"label":"entailment"}', '{"idx":1,"label":"not_entailment"}'],
    ],
    ['ReCoRD', given('Paris', 'the "Seine"'), ['{"idx":0,"label":"Paris"}', '{"idx":1,"label":"the \\"Seine\\""}']],
  ])('writes %s', (task, predictions, lines) => {
    expect(submissionLines(task, both, predictions)).toEqual(lines.map((line) => `${line}\n`));
  });

  it('nests the answers of MultiRC in questions and passages, with the numbers of the data', () => {
    const examples = [
      { idx: 7, group: 3, passage: 1 },
      { idx: 8, group: 3, passage: 1 },
      { idx: 9, group: 4, passage: 1 },
      { idx: 10, group: 5, passage: 2 },
    ];
    const predictions = new Map(examples.map(({ idx }) => [idx, idx % 2]));
    expect(submissionLines('MultiRC', examples, predictions).map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        idx: 1,
        passage: {
          questions: [
            {
              idx: 3,
              answers: [
                { idx: 7, label: 1 },
                { idx: 8, label: 0 },
              ],
            },
            { idx: 4, answers: [{ idx: 9, label: 1 }] },
          ],
        },
      },
      { idx: 2, passage: { questions: [{ idx: 5, answers: [{ idx: 10, label: 0 }] }] } },
    ]);
  });

  it('refuses to leave an example out', () => {
    expect(() => submissionLines('CB', both, new Map([[0, 'neutral']]))).toThrow(/no prediction for example 1/);
  });
});

describe('predictionRecord', () => {
  it('has a label beside the scores of all labels', () => {
    const evaluated = {
      predictions: new Map([[4, false]]),
      labelScores: new Map([[4, Float64Array.of(0.5, Number.NaN)]]),
      spans: new Map(),
    };
    const texts = { a: 'is it', b: 'it is', group: 2 };
    expect(predictionRecord(superGlueTask('BoolQ'), { idx: 4, label: true }, texts, evaluated)).toEqual({
      idx: 4,
      group: 2,
      a: 'is it',
      b: 'it is',
      target: true,
      isRight: false,
      prediction: false,
      labelScores: { false: 0.5, true: 'NaN' },
    });
    const unlabeled = predictionRecord(superGlueTask('BoolQ'), { idx: 4 }, texts, evaluated);
    expect(unlabeled).not.toHaveProperty('target');
    expect(unlabeled).not.toHaveProperty('isRight');
  });

  it('compares a text with every answer', () => {
    const evaluated = {
      predictions: new Map([
        [0, 'the River Seine'],
        [1, ''],
      ]),
      labelScores: new Map(),
      spans: new Map([
        [0, { ids: [50], logProbability: -0.5 }],
        [1, { ids: [], logProbability: -Infinity }],
      ]),
    };
    const task = superGlueTask('ReCoRD');
    const first = predictionRecord(task, { idx: 0, answers: ['Paris', 'Seine'] }, { a: 'q', b: 'p' }, evaluated);
    expect(first).toMatchObject({ target: ['Paris', 'Seine'], isRight: false, logProbability: -0.5, labelScores: {} });
    expect(first.f1).toBeCloseTo(2 / 3, 10);
    const second = predictionRecord(task, { idx: 1, answers: ['Paris'] }, { a: 'q', b: 'p' }, evaluated);
    expect(second).toMatchObject({ prediction: '', isRight: false, f1: 0 });
    expect(second).not.toHaveProperty('logProbability');
  });
});
