import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAIR_TASKS } from '../../../../../../src-main/engine/data/tasks/superglue/tasks.ts';
import { Tokenizer } from '../../../../../../src-main/engine/data/tokenizer.ts';
import { predictLabels } from '../../../../../../src-main/engine/eval/label-prediction.ts';
import { predictSpans } from '../../../../../../src-main/engine/eval/record-prediction.ts';
import { readFixtureTensors } from '../../../../../../src-main/engine/parity/fixture-files.ts';
import { readJsonFixture } from '../../../../../support/fixtures.ts';

const FOLDER = 'tests/unit/fixtures/encode';

interface Recorded {
  predict: { setting: string; pred: Record<string, string | number | boolean> };
}

/** Recorded logits of some windows: [windows, S, V]. */
function recordedLogits(task: string) {
  const tensors = readFixtureTensors(join(FOLDER, `predict_${task}.safetensors`));
  const features = tensors.ids('features');
  const logits = tensors.get('logits');
  const V = logits.shape[2] ?? 0;
  const idxs = [...tensors.get('idxs').values];
  const logitOf = (row: number, position: number, token: number): number =>
    logits.values[(row * features.length + position) * V + token] ?? Number.NaN;
  return { features, idxs, V, logitOf };
}

const sorted = <T>(predictions: ReadonlyMap<number, T>): Record<string, T> =>
  Object.fromEntries([...predictions].sort(([a], [b]) => a - b));

describe.each(PAIR_TASKS)('predictions of $name', (task) => {
  it('are those of the reference for the same logits', () => {
    const { features, idxs, logitOf } = recordedLogits(task.name);
    const windows = idxs.map((idx, row) => {
      const scores = task.labels.map(({ token }) => {
        let sum = 0;
        for (let s = 0; s < features.length; s++) {
          if (features.ids[row * features.length + s] !== 0) sum += logitOf(row, s, token);
        }
        return sum / features.length;
      });
      return { idx, scores };
    });
    const { predict } = readJsonFixture<Recorded>(`encode/${task.name}.json`);
    expect(sorted(predictLabels(task, windows))).toEqual(predict.pred);
  });
});

describe('predictions of ReCoRD', () => {
  it('are those of the reference for the same logits', async () => {
    const { features, idxs, V, logitOf } = recordedLogits('ReCoRD');
    const tokenizer = await Tokenizer.load(`${FOLDER}/tokenizer`);
    const windows = idxs.map((idx, row) => {
      const token: number[] = [];
      const logProbability: number[] = [];
      for (let s = 0; s < features.length; s++) {
        const logits = Array.from({ length: V }, (_, v) => logitOf(row, s, v));
        const top = Math.max(...logits);
        token.push(logits.indexOf(top));
        logProbability.push(-Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0)));
      }
      const x = features.ids.subarray(row * features.length, (row + 1) * features.length);
      return { idx, x, token, logProbability };
    });
    const { predict } = readJsonFixture<Recorded>('encode/ReCoRD.json');
    const texts = new Map(Array.from(predictSpans(windows), ([idx, { ids }]) => [idx, tokenizer.decode(ids)]));
    expect(sorted(texts)).toEqual(predict.pred);
  });

  it('answers nothing where no position is part of an answer', () => {
    const window = { idx: 4, x: [9, 60, 2], token: [2, 2, 2], logProbability: [-1, -1, -1] };
    expect([...predictSpans([window])]).toEqual([[4, { ids: [], logProbability: -Infinity }]]);
  });
});
