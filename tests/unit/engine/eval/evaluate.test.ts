import { uniformDraws } from '../../../../src-main/engine/data/training-data.ts';
import { describe, expect, it } from 'vitest';
import type { IdMatrix } from '../../../../src-main/engine/data/micro-batch.ts';
import { maskedAccuracy } from '../../../../src-main/engine/data/tasks/mlm.ts';
import type { TaskExample, TaskRow } from '../../../../src-main/engine/data/tasks/task.ts';
import { superGlueTask } from '../../../../src-main/engine/data/tasks/superglue/tasks.ts';
import { WHICH_MOON } from '../../../../src-main/engine/data/tasks/which-moon.ts';
import { accuracy } from '../../../../src-main/engine/eval/accuracy.ts';
import { evaluateLabeled, evaluateMlm } from '../../../../src-main/engine/eval/evaluate.ts';
import { positiveProbability, predictLabels } from '../../../../src-main/engine/eval/label-prediction.ts';
import { taskScores } from '../../../../src-main/engine/eval/task-score.ts';
import type { EvaluatedBatch } from '../../../../src-main/engine/objectives/objective.ts';
import { metricFacts } from '../../../../src-shared/run/metric-catalogue.ts';
import { decodeSafetensors } from '../../../../src-main/engine/train/safetensors.ts';
import { readFixture, readJsonFixture } from '../../../support/fixtures.ts';

interface Recorded {
  rows: number;
  length: number;
  vocabulary: number;
  idxs: number[];
  features: Int32Array;
  labels: Int32Array;
  logits: Float64Array;
}

function recorded(name: string): Recorded {
  const { tensors } = decodeSafetensors(readFixture(name), name);
  const numbers = (tensor: string): number[] => Array.from(tensors.get(tensor)?.data ?? [], Number);
  const [rows = 0, length = 0, vocabulary = 0] = tensors.get('logits')?.shape ?? [];
  return {
    rows,
    length,
    vocabulary,
    idxs: numbers('idxs'),
    features: Int32Array.from(numbers('features')),
    labels: Int32Array.from(numbers('labels')),
    logits: Float64Array.from(numbers('logits')),
  };
}

describe('predictions from recorded logits', () => {
  it('labels the recorded Which_MOON rows', () => {
    const moon = recorded('encode/predict_Which_MOON.safetensors');
    const expected = readJsonFixture<{ predict: Record<string, number>; score: number }>('encode/Which_MOON.json');
    const windows = moon.idxs.map((idx, row) => ({
      idx,
      scores: WHICH_MOON.labels.map(({ token }) => {
        let sum = 0;
        for (let s = 0; s < moon.length; s++) {
          const at = row * moon.length + s;
          if (moon.features[at] !== 0) sum += moon.logits[at * moon.vocabulary + token] ?? Number.NaN;
        }
        return sum / moon.length;
      }),
    }));
    const predictions = predictLabels(WHICH_MOON, windows);
    expect(Object.fromEntries(predictions)).toEqual(expected.predict);
    const fixture = readJsonFixture<{ examples: { example: { idx: number; label?: number } }[] }>(
      'encode/Which_MOON.json',
    );
    const labels = fixture.examples
      .slice(0, 8)
      .map(({ example }) => ({ idx: example.idx, label: example.label ?? -1 }));
    expect(accuracy(labels, predictions)).toBeCloseTo(expected.score, 12);
  });

  it('scores the recorded MLM rows', () => {
    const mlm = recorded('encode/predict_MLM.safetensors');
    const { score_single_strict: scores } = readJsonFixture<{ score_single_strict: Record<string, number> }>(
      'encode/MLM.json',
    );
    const argMax = Int32Array.from({ length: mlm.rows * mlm.length }, (_, at) => {
      const row = mlm.logits.subarray(at * mlm.vocabulary, (at + 1) * mlm.vocabulary);
      return row.indexOf(row.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY));
    });
    const shares = maskedAccuracy(argMax, mlm.labels, mlm.rows, mlm.length);
    mlm.idxs.forEach((idx, row) => expect(shares[row]).toBeCloseTo(scores[idx] ?? Number.NaN, 6));
  });

  it('averages windows before choosing, the first label among equals', () => {
    const windows = [
      { idx: 7, scores: [1, 0] },
      { idx: 7, scores: [0, 3] },
      { idx: 9, scores: [2, 2] },
    ];
    expect([...predictLabels(WHICH_MOON, windows)]).toEqual([
      [7, 1],
      [9, 0],
    ]);
    expect(positiveProbability([0, Math.log(3)])).toBeCloseTo(0.75, 12);
  });
});

/** A model that finds label 1 where the second id is odd, and every masked token of even rows. */
function fakeScore(calls: number[]): (x: IdMatrix, y: IdMatrix) => Promise<EvaluatedBatch> {
  return (x, y) => {
    calls.push(x.rows);
    const targetCount = new Int32Array(x.rows);
    const correctCount = new Int32Array(x.rows);
    const labelScores = new Float32Array(2 * x.rows);
    for (let row = 0; row < x.rows; row++) {
      const targets = y.ids.subarray(row * y.length, (row + 1) * y.length).filter((id) => id !== 0).length;
      targetCount[row] = targets;
      correctCount[row] = row % 2 === 0 ? targets : 0;
      labelScores[2 * row + ((x.ids[row * x.length + 1] ?? 0) % 2)] = 1;
    }
    const lossSum = Float64Array.from(targetCount, (count) => 2 * count);
    return Promise.resolve({ lossSum, targetCount, correctCount, labelScores });
  };
}

const decode = (ids: Int32Array): string => ` ${ids.join(' ')}`;

function expectScores(got: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(got[name], name).toBeCloseTo(value, 10);
}

describe('evaluateLabeled', () => {
  const example = (idx: number, token: number, label?: number, length = 3): TaskExample => {
    const x = new Int32Array(length).fill(2);
    x.set([5, token]);
    return {
      idx,
      ...(label !== undefined && { label }),
      rows: [{ x, y: new Int32Array(length).fill(label === undefined ? 0 : 5) }],
    };
  };

  it('scores all rows in calls of at most the given rows, padded to their length', async () => {
    const calls: number[] = [];
    const examples = [example(0, 51, 1), example(1, 52, 1), example(2, 54, 0), example(3, 53, 1), example(4, 55, 1)];
    const shapes = [{ rows: 2, length: 4 }];
    const found = await evaluateLabeled(WHICH_MOON, examples, { shapes, score: fakeScore(calls), decode });
    expect(calls).toEqual([2, 2, 1]);
    expect(found.scores).toEqual({ accuracy: 80, loss: 2 });
    expect([...found.predictions]).toEqual([
      [0, 1],
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
    ]);
    expect(found.labelScores.get(1)).toEqual(Float64Array.of(1, 0));
  });

  it('scores each row at the smallest size that it fits into', async () => {
    const sizes: string[] = [];
    const score = fakeScore([]);
    const examples = [example(0, 51, 1, 9), example(1, 52, 1), example(2, 53, 1, 4), example(3, 55, 1, 5)];
    const { predictions } = await evaluateLabeled(WHICH_MOON, examples, {
      shapes: [
        { rows: 3, length: 4 },
        { rows: 1, length: 9 },
      ],
      score: (x, y) => {
        sizes.push(`${x.rows} x ${x.length}`);
        return score(x, y);
      },
      decode,
    });
    expect(sizes.sort()).toEqual(['1 x 9', '1 x 9', '2 x 4']);
    expect([...predictions.values()]).toEqual([1, 0, 1, 1]);
  });

  it('predicts examples without labels', async () => {
    const options = { shapes: [{ rows: 4, length: 3 }], score: fakeScore([]), decode };
    const { predictions, scores } = await evaluateLabeled(WHICH_MOON, [example(8, 51)], options);
    expect([...predictions]).toEqual([[8, 1]]);
    expect(scores).toEqual({});
  });

  it('answers queries by the marked span that is surest over all windows', async () => {
    const row = (first: number, padding = 0): TaskRow => ({
      x: Int32Array.of(9, first, 61, 62, 2, ...new Array<number>(padding).fill(0)),
      y: new Int32Array(5 + padding).fill(2),
    });
    /** Marks where the input is 61 or more, the surer the higher the row's second id. */
    const score = (x: IdMatrix): Promise<EvaluatedBatch> =>
      Promise.resolve({
        lossSum: new Float64Array(x.rows).fill(10),
        targetCount: new Int32Array(x.rows).fill(5),
        correctCount: new Int32Array(x.rows),
        labelScores: new Float32Array(),
        marks: {
          token: x.ids.map((id) => (id >= 61 ? id : 2)),
          logProbability: Float32Array.from(
            x.ids,
            (_id, at) => -1 / (x.ids[x.length * Math.floor(at / x.length) + 1] ?? 1),
          ),
        },
      });
    const examples: TaskExample[] = [
      { idx: 3, answers: ['70 61 62'], rows: [row(60), row(70)] },
      { idx: 4, answers: ['61', '61 62'], rows: [row(50, 2)] },
      { idx: 5, answers: ['nothing'], rows: [row(50)] },
    ];
    const task = { name: 'ReCoRD', taskToken: 9, labels: [] };
    const found = await evaluateLabeled(task, examples, { shapes: [{ rows: 2, length: 7 }], score, decode });
    expect([...found.predictions]).toEqual([
      [3, '70 61 62'],
      [4, '61 62'],
      [5, '61 62'],
    ]);
    expect(found.spans.get(3)?.logProbability).toBeCloseTo(-1 / 70, 6);
    expectScores(found.scores, { loss: 2, Overall: 200 / 3, ReCoRD_F1: 200 / 3, ReCoRD_Acc: 200 / 3 });
  });
});

describe('taskScores', () => {
  const labeled = (idx: number, label: string | number | boolean, group?: number): TaskExample => ({
    idx,
    label,
    rows: [],
    ...(group !== undefined && { group }),
  });

  it('names the metrics of a SuperGLUE task and has its score as Overall', () => {
    const boolq = [labeled(0, true), labeled(1, false)];
    expect(
      taskScores(
        superGlueTask('BoolQ'),
        boolq,
        new Map([
          [0, true],
          [1, true],
        ]),
      ),
    ).toEqual({
      Overall: 50,
      BoolQ: 50,
    });
    const cb = [labeled(0, 'neutral'), labeled(1, 'entailment'), labeled(2, 'neutral')];
    const scores = taskScores(superGlueTask('CB'), cb, new Map(cb.map(({ idx }) => [idx, 'neutral'])));
    expect(scores['CB_Acc']).toBeCloseTo(200 / 3, 10);
    expect(scores['CB_F1']).toBeCloseTo(40, 10);
    expect(scores['Overall']).toBeCloseTo((200 / 3 + 40) / 2, 10);
    for (const name of Object.keys(scores)) expect(metricFacts(name)).toMatchObject({ direction: 'higher', unit: '%' });
  });

  it('takes the answers of a question together, wherever they stand', () => {
    const examples = [labeled(0, 1, 7), labeled(1, 0, 8), labeled(2, 0, 7)];
    const predictions = new Map([
      [0, 1],
      [1, 0],
      [2, 1],
    ]);
    expectScores(taskScores(superGlueTask('MultiRC'), examples, predictions), {
      Overall: (200 / 3 + 50) / 2,
      MultiRC_F1a: 200 / 3,
      MultiRC_EM: 50,
    });
  });

  it('has accuracy for other tasks, over what is labeled, and nothing where nothing is', () => {
    const examples = [labeled(0, 1), { idx: 1, rows: [] }];
    expect(taskScores(WHICH_MOON, examples, new Map([[0, 1]]))).toEqual({ accuracy: 100 });
    expect(taskScores(superGlueTask('WSC'), [{ idx: 1, rows: [] }], new Map())).toEqual({});
  });
});

describe('evaluateMlm', () => {
  it('averages each text alike and masks a text the same way every time', async () => {
    const texts = {
      count: 3,
      length: 12,
      mayPad: false,
      read: (index: number) => new Int32Array(12).fill(40 + index),
      ...uniformDraws(3),
    };
    const mask = { maskProbability: 0.3, keepProbability: 0.1, randomProbability: 0.1, vocabularySize: 100 };
    const seen: number[][] = [];
    const score = fakeScore([]);
    const run = (indexes: number[]) =>
      evaluateMlm(texts, indexes, 42, mask, { rows: 3, length: 14 }, (x, y) => {
        seen.push([...x.ids]);
        return score(x, y);
      });
    const found = await run([0, 1, 2]);
    expect(found.accuracy).toBeCloseTo(200 / 3, 10);
    expect(found.loss).toBe(2);
    await run([2]);
    expect(seen[1]).toEqual(seen[0]?.slice(28));
  });
});
