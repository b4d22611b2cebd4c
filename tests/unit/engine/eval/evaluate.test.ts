import { uniformDraws } from '../../../../src-main/engine/data/training-data.ts';
import { describe, expect, it } from 'vitest';
import type { IdMatrix } from '../../../../src-main/engine/data/micro-batch.ts';
import { maskedAccuracy } from '../../../../src-main/engine/data/tasks/mlm.ts';
import type { TaskExample } from '../../../../src-main/engine/data/tasks/task.ts';
import { WHICH_MOON } from '../../../../src-main/engine/data/tasks/which-moon.ts';
import { accuracy } from '../../../../src-main/engine/eval/accuracy.ts';
import { evaluateLabeled, evaluateMlm } from '../../../../src-main/engine/eval/evaluate.ts';
import { positiveProbability, predictLabels } from '../../../../src-main/engine/eval/label-prediction.ts';
import type { EvaluatedBatch } from '../../../../src-main/engine/objectives/objective.ts';
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

describe('evaluateLabeled', () => {
  const example = (idx: number, token: number, label?: number): TaskExample => ({
    idx,
    ...(label !== undefined && { label }),
    rows: [{ x: Int32Array.of(5, token, 2), y: label === undefined ? new Int32Array(3) : Int32Array.of(5, 5, 5) }],
  });

  it('scores all rows in calls of at most the given rows, padded to their length', async () => {
    const calls: number[] = [];
    const examples = [example(0, 51, 1), example(1, 52, 1), example(2, 54, 0), example(3, 53, 1), example(4, 55, 1)];
    const found = await evaluateLabeled(WHICH_MOON, examples, { rows: 2, length: 4 }, fakeScore(calls));
    expect(calls).toEqual([2, 2, 1]);
    expect(found.accuracy).toBeCloseTo(80, 12);
    expect(found.loss).toBe(2);
    expect([...found.predictions]).toEqual([
      [0, 1],
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
    ]);
  });

  it('predicts examples without labels', async () => {
    const { predictions, accuracy: share } = await evaluateLabeled(
      WHICH_MOON,
      [example(8, 51)],
      { rows: 4, length: 3 },
      fakeScore([]),
    );
    expect([...predictions]).toEqual([[8, 1]]);
    expect(share).toBeNaN();
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
