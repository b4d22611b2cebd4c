import { beforeAll, describe, expect, it } from 'vitest';
import { createBatchSource } from '../../../../src-main/engine/data/batch-source.ts';
import { loadTrainingData } from '../../../../src-main/engine/data/load-training-data.ts';
import type {
  IdMatrix,
  MetaMicroBatch,
  MicroBatch,
  PairMicroBatch,
} from '../../../../src-main/engine/data/micro-batch.ts';
import { MASK_ID, PAD_ID } from '../../../../src-main/engine/data/special-tokens.ts';
import { MLM_TASK_TOKEN } from '../../../../src-main/engine/data/tasks/mlm.ts';
import { WHICH_MOON } from '../../../../src-main/engine/data/tasks/which-moon.ts';
import { batchShapes } from '../../../../src-main/engine/data/training-data.ts';
import type { TrainingData } from '../../../../src-main/engine/data/training-data.ts';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../../src-shared/config/run-config.ts';

function small(name: string, change: (config: RunConfig) => void = () => undefined): RunConfig {
  const config = preset(name);
  if (config.data.kind === 'two-moons') config.data.unlabeledTexts = 200;
  change(config);
  return config;
}

function rowsOf({ ids, rows, length }: IdMatrix): string[] {
  return Array.from({ length: rows }, (_, row) => ids.subarray(row * length, (row + 1) * length).join(' '));
}

function asMeta(batch: MicroBatch): MetaMicroBatch {
  if (batch.kind !== 'meta') throw new Error('expected a meta micro-batch');
  return batch;
}

function asPair(batch: MicroBatch): PairMicroBatch {
  if (batch.kind !== 'pair') throw new Error('expected a pair');
  return batch;
}

describe('createBatchSource for pretraining', () => {
  let data: TrainingData;
  const soft = small('two-moons-soft');
  beforeAll(async () => {
    data = await loadTrainingData(soft, '/nowhere');
  });

  it('is a pure function of seed and index', () => {
    const source = createBatchSource(soft, data);
    const forward = [0, 1, 2, 3].map((i) => source.microBatch(i));
    const backward = [3, 2, 1, 0].map((i) => createBatchSource(soft, data).microBatch(i)).reverse();
    expect(backward).toEqual(forward);
    expect(createBatchSource({ ...soft, seed: 1 }, data).microBatch(0)).not.toEqual(forward[0]);
  });

  it('draws texts uniformly and pairs each with its masked form', () => {
    const source = createBatchSource(soft, data);
    const known = new Map(Array.from({ length: 200 }, (_, i) => [data.unlabeledTrain.read(i).join(' '), 0]));
    for (let i = 0; i < 1000; i++) {
      const { xU, xM, yM } = asMeta(source.microBatch(i));
      for (const row of rowsOf(xU)) known.set(row, (known.get(row) ?? Number.NaN) + 1);
      xU.ids.forEach((id, at) => {
        const target = yM.ids[at] ?? PAD_ID;
        const isFirst = at % xU.length === 0;
        if (isFirst) expect(xM.ids[at]).toBe(MLM_TASK_TOKEN);
        else if (target === PAD_ID) expect(xM.ids[at]).toBe(id);
        else expect(target).toBe(id);
      });
    }
    // 20 expected of each; chi-square with 199 degrees of freedom at p = 1e-5
    const chi = [...known.values()].reduce((sum, count) => sum + (count - 20) ** 2 / 20, 0);
    expect(known.size).toBe(200);
    expect(chi).toBeLessThan(293);
  });

  it('draws MLM as often as all other tasks together, the same task for all rows, another query than support', () => {
    const source = createBatchSource(soft, data);
    let mlm = 0;
    for (let i = 0; i < 2000; i++) {
      const { xS, xQ, yS } = asMeta(source.microBatch(i));
      const support = rowsOf(xS);
      const firsts = new Set(
        rowsOf(xS)
          .concat(rowsOf(xQ))
          .map((row) => row.split(' ')[0]),
      );
      expect(firsts.size).toBe(1);
      const isMlm = firsts.has(String(MLM_TASK_TOKEN));
      expect(xS.length).toBe(isMlm ? 34 : 4);
      if (isMlm) {
        mlm++;
        expect(yS.ids.some((id) => id !== PAD_ID)).toBe(true);
      } else {
        expect(firsts.has(String(WHICH_MOON.taskToken))).toBe(true);
        expect(xS.ids.includes(MASK_ID)).toBe(false);
      }
      // rows of labeled points may be the same cell twice; MLM rows differ by their masks at least
      if (isMlm) rowsOf(xQ).forEach((row, at) => expect(row).not.toBe(support[at]));
    }
    expect(mlm / 2000).toBeCloseTo(0.5, 1);
  });

  it('never pairs an example with itself', () => {
    const config = small('two-moons-hard', ({ data: d }) => {
      if (d.kind === 'two-moons') d.labels = 2;
    });
    return loadTrainingData(config, '/nowhere').then((two) => {
      const source = createBatchSource(config, two);
      const [first, second] = two.tasks[0]?.train.map(({ rows }) => rows[0]?.x.join(' ')) ?? [];
      expect(first).not.toBe(second);
      for (let i = 0; i < 50; i++) {
        const { xS, xQ } = asMeta(source.microBatch(i));
        expect(xS.length).toBe(4);
        rowsOf(xS).forEach((row, at) => expect(rowsOf(xQ)[at]).toBe(row === first ? second : first));
      }
    });
  });

  it('changes task every samplesPerTask draws, across micro-batches too', () => {
    const config = small('two-moons-soft', ({ training }) => {
      training.samplesPerTask = 6;
    });
    const source = createBatchSource(config, data);
    const tasks = Array.from({ length: 300 }, (_, i) => rowsOf(asMeta(source.microBatch(i)).xS)).flat();
    const firsts = tasks.map((row) => row.split(' ')[0]);
    const lengths = Array.from({ length: 300 }, (_, i) => {
      const { xS } = asMeta(source.microBatch(i));
      const hasMlm = rowsOf(xS).some((row) => row.startsWith(`${MLM_TASK_TOKEN} `));
      expect(xS.length).toBe(hasMlm ? 34 : 4);
      return xS.length;
    });
    expect(new Set(lengths).size).toBe(2);
    for (let group = 0; group < 200; group++) expect(new Set(firsts.slice(6 * group, 6 * group + 6)).size).toBe(1);
    expect(new Set(firsts).size).toBe(2);
  });

  it('leaves support and query out where they are not needed, without changing the rest', () => {
    const whole = asMeta(createBatchSource(soft, data).microBatch(5));
    const lean = asMeta(createBatchSource(soft, data, { needsLabeled: (index) => index !== 5 }).microBatch(5));
    expect([lean.xU, lean.xM, lean.yM]).toEqual([whole.xU, whole.xM, whole.yM]);
    expect(lean.xS.ids.every((id) => id === PAD_ID)).toBe(true);
    expect(lean.xS.length).toBe(4);
  });

  it('refuses a train split of one example', async () => {
    const [task] = data.tasks;
    if (task === undefined) throw new Error('no task');
    const one: TrainingData = { ...data, tasks: [{ ...task, train: task.train.slice(0, 1) }] };
    expect(() => createBatchSource(soft, one)).toThrow(/support and query need two/);
    await expect(loadTrainingData(soft, '/nowhere')).resolves.toMatchObject({
      tasks: [{ task: { name: 'Which_MOON' } }],
    });
  });
});

describe('createBatchSource for fine-tuning', () => {
  const config = small('two-moons-finetune', ({ training }) => {
    training.batchSize = 4;
  });
  let data: TrainingData;
  beforeAll(async () => {
    data = await loadTrainingData(config, '/nowhere');
  });
  const exampleRows = () => data.tasks[0]?.train.map(({ rows }) => rows[0]?.x.join(' ')) ?? [];

  it('goes through the split once per epoch, the last batch filled with rows that count nothing', () => {
    const source = createBatchSource(config, data);
    const epochs = [0, 1].map((epoch) => {
      const batches = [0, 1, 2].map((i) => asPair(source.microBatch(3 * epoch + i)));
      const last = batches[2];
      expect(rowsOf(last?.y ?? { ids: new Int32Array(), rows: 0, length: 0 }).map((row) => row === '0 0 0 0')).toEqual([
        false,
        false,
        true,
        true,
      ]);
      expect(last?.x.ids.includes(PAD_ID)).toBe(false);
      const rows = batches.flatMap(({ x, y }) => rowsOf(x).filter((_, at) => rowsOf(y)[at] !== '0 0 0 0'));
      expect(rows.toSorted()).toEqual(exampleRows().toSorted());
      return rows;
    });
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it('shuffles groups and leaves the examples of one together, in their order', () => {
    const [task] = data.tasks;
    const train = (task?.train ?? []).map((example, i) => ({ ...example, group: Math.floor(i / 3) }));
    const grouped = { ...data, tasks: task === undefined ? [] : [{ ...task, train }] };
    const source = createBatchSource(config, grouped);
    const inOrder = exampleRows();
    const epochs = [0, 1, 2, 3].map((epoch) =>
      [0, 1, 2].flatMap((i) => rowsOf(asPair(source.microBatch(3 * epoch + i)).x)).slice(0, 10),
    );
    const groups = [0, 3, 6, 9].map((from) => inOrder.slice(from, from + 3).join('|'));
    for (const rows of epochs) {
      const text = rows.join('|');
      expect(groups.every((group) => text.includes(group))).toBe(true);
      expect(rows.toSorted()).toEqual(inOrder.toSorted());
    }
    expect(new Set(epochs.map((rows) => rows.join('|'))).size).toBeGreaterThan(1);
  });

  it('keeps the order of the split without shuffling', () => {
    const inOrder = structuredClone(config);
    inOrder.training.shuffle = false;
    const source = createBatchSource(inOrder, data);
    const rows = [3, 4, 5].flatMap((i) => rowsOf(asPair(source.microBatch(i)).x)).slice(0, 10);
    expect(rows).toEqual(exampleRows());
  });
});

describe('random text', () => {
  it('has the shapes asked for, no padding and no special tokens inside', async () => {
    const config = preset('text-bench');
    const data = await loadTrainingData(config, '/nowhere');
    expect(batchShapes(config, data)).toMatchObject({ rows: 16, unlabeledLength: 128, labeledLength: 128 });
    const { xU, xS } = asMeta(createBatchSource(config, data).microBatch(1));
    expect(new Set(xU.ids).size).toBeGreaterThan(1500);
    for (const row of rowsOf(xU)) {
      const ids = row.split(' ').map(Number);
      expect([ids[0], ids[127]]).toEqual([3, 2]);
      expect(Math.min(...ids.slice(1, 127))).toBeGreaterThanOrEqual(33);
      expect(Math.max(...ids)).toBeLessThan(30_000);
    }
    expect(xS.ids.includes(PAD_ID)).toBe(false);
  });
});
