import { describe, expect, it } from 'vitest';
import { uniformDraws, type UnlabeledTexts } from '../../../../src-main/engine/data/training-data.ts';
import { writingCall } from '../../../../src-main/engine/objectives/writing-function.ts';
import { PROBE_TEXTS, probeParts } from '../../../../src-main/engine/train/probe-texts.ts';
import { prepareRunData } from '../../../../src-main/engine/train/run-data.ts';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import type { RunConfig } from '../../../../src-shared/config/run-config.ts';

const SHAPES = { rows: 4, unlabeledLength: 3, labeledLength: 3, evaluationRows: 6 };

/** Text i is [i, i] without padding. */
const texts = (count: number): UnlabeledTexts => ({
  count,
  length: 3,
  mayPad: true,
  read: (index) => Int32Array.of(index, index),
  ...uniformDraws(count),
});

async function probeOf(config: RunConfig) {
  return (await prepareRunData(config, '/nowhere')).probe;
}

describe('the probe texts', () => {
  it('are as many as asked for, in as many calls as they need, padded to their length', () => {
    const parts = probeParts(texts(1000), SHAPES);
    expect(parts.map(({ xU }) => xU.rows)).toEqual([6, 6, 4]);
    const indexes = parts.flatMap(({ textIndexes }) => textIndexes);
    expect(new Set(indexes).size).toBe(PROBE_TEXTS);
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
    const [first] = parts;
    expect([...(first?.xU.ids ?? [])].slice(0, 3)).toEqual([indexes[0], indexes[0], 0]);
    expect(probeParts(texts(3), SHAPES).flatMap(({ textIndexes }) => textIndexes)).toEqual([0, 1, 2]);
  });

  it('are the same for every run of the same data, whatever its seed, objective and size, and others for other data', async () => {
    const hard = preset('two-moons-hard-smoke');
    const probe = await probeOf(hard);
    expect(await probeOf({ ...hard, seed: 7 })).toEqual(probe);
    expect(await probeOf(preset('two-moons-soft-denoising'))).toEqual(probe);
    if (hard.data.kind !== 'two-moons') throw new Error('unreachable');
    expect(await probeOf({ ...hard, data: { ...hard.data, dataSeed: 1 } })).not.toEqual(probe);
  });

  it('are shown token by token beside what was written, padding in a text spelled out', async () => {
    const data = await prepareRunData(preset('two-moons-soft-smoke'), '/nowhere');
    const [part] = data.probe;
    if (part === undefined) throw new Error('unreachable');
    const { xU } = part;
    const padding = { ...xU, ids: new Int32Array(xU.ids.length) };
    const [example] = data.describeTeacherExamples(part, { xHat: xU, yHat: padding, entropyX: 0, entropyY: 0 });
    expect(example?.xHat).toEqual(example?.xU);
    expect(example?.xU).toHaveLength(34);
    expect(new Set(example?.yHat)).toEqual(new Set(['[PAD]']));
  });

  it('are nobody’s where there is no teacher', async () => {
    expect(await probeOf(preset('two-moons-mlm-smoke'))).toEqual([]);
    expect(await probeOf(preset('two-moons-finetune-smoke'))).toEqual([]);
  });

  it('are written for with the same dice in every run, and others for each part', () => {
    const config = preset('two-moons-hard-smoke');
    const [part] = probeParts(texts(1000), SHAPES);
    if (part === undefined) throw new Error('unreachable');
    const options = { labelTokens: [], shapes: SHAPES, microBatchesPerCall: 1 };
    const key = (seed: number, index: number) =>
      writingCall(part.xU, index, { ...config, seed }, options).feeds['write.key'];
    expect(key(1, 0)).toEqual(key(2, 0));
    expect(key(1, 1)).not.toEqual(key(1, 0));
  });
});
