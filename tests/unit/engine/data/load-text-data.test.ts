import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBatchSource } from '../../../../src-main/engine/data/batch-source.ts';
import { dataFolder } from '../../../../src-main/engine/data/data-folders.ts';
import { ensureSample } from '../../../../src-main/engine/data/ensure-sample.ts';
import { loadTrainingData } from '../../../../src-main/engine/data/load-training-data.ts';
import { RandomGenerator } from '../../../../src-main/engine/random/random-generator.ts';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import { applySettings } from '../../../../src-shared/config/set-by-path.ts';
import type { RunConfig } from '../../../../src-shared/config/run-config.ts';

let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'metalmo-text-data-'));
  await ensureSample(home);
}, 60_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function config(name: string, ...settings: string[]): RunConfig {
  return applySettings(preset(name), settings);
}

describe('loadTrainingData of imported text', () => {
  it('draws windows as often as they have characters, and none of the held-out articles', async () => {
    const {
      unlabeledTrain: texts,
      unlabeledValidation,
      decode,
    } = await loadTrainingData(config('text-mlm-smoke'), home);
    const random = new RandomGenerator(0, 'unlabeled');
    const draws = new Map<number, number>();
    const count = 40_000;
    for (let i = 0; i < count; i++) {
      const index = texts.draw(random);
      draws.set(index, (draws.get(index) ?? 0) + 1);
    }
    const shortest = { share: 0, expected: 0 };
    let characters = 0;
    const lengths = Array.from({ length: texts.count }, (_, i) => {
      const length = Array.from(decode(texts.read(i)).replace(/\[CLS0\]|\[SEP\]/g, '')).length;
      characters += length;
      return length;
    });
    for (const [index, length] of lengths.entries()) {
      if (length > 60) continue;
      shortest.share += (draws.get(index) ?? 0) / count;
      shortest.expected += length / characters;
    }
    expect(shortest.expected).toBeGreaterThan(0.001);
    // five standard deviations of a binomial share
    expect(Math.abs(shortest.share - shortest.expected)).toBeLessThan(5 * Math.sqrt(shortest.expected / count));
    const train = new Set(Array.from({ length: texts.count }, (_, i) => texts.read(i).join(' ')));
    const held = Array.from({ length: unlabeledValidation.count }, (_, i) => unlabeledValidation.read(i).join(' '));
    expect(held.length).toBeGreaterThan(50);
    expect(held.filter((text) => train.has(text)).length / held.length).toBeLessThan(0.05);
  });

  it('gives the labeled tasks of the set, or those that are named, with their splits', async () => {
    const soft = await loadTrainingData(config('text-soft-smoke'), home);
    expect(soft.tasks.map(({ task }) => task.name)).toEqual([
      'BoolQ',
      'CB',
      'COPA',
      'MultiRC',
      'ReCoRD',
      'RTE',
      'WiC',
      'WSC',
    ]);
    expect(soft.tasks.every(({ train, validation }) => train.length === 32 && validation.length === 0)).toBe(true);
    const two = await loadTrainingData(config('text-hard-smoke', 'data.tasks=WSC,CB'), home);
    expect(two.tasks.map(({ task }) => task.name)).toEqual(['CB', 'WSC']);
    const [multirc] = (await loadTrainingData(config('text-finetune-multirc-smoke'), home)).tasks;
    expect(multirc?.validation.every(({ label, group }) => label !== undefined && group !== undefined)).toBe(true);
    expect(multirc?.test.every(({ label }) => label === undefined)).toBe(true);
  });

  it('reads no labels for MLM that measures no feedback, and then needs no SuperGLUE', async () => {
    const none = config('text-mlm-smoke', 'training.feedbackEveryExamples=0', 'data.superglue=');
    const data = await loadTrainingData(none, home);
    expect(data.tasks).toEqual([]);
    const batch = createBatchSource(none, data, { needsLabeled: () => false }).microBatch(0);
    expect(batch.kind === 'meta' && batch.xU.ids.some((id) => id !== 0)).toBe(true);
  });

  it('fine-tunes without a corpus', async () => {
    const data = await loadTrainingData(config('text-finetune-rte-smoke', 'data.corpus='), home);
    expect(data.unlabeledTrain.count).toBe(0);
    expect(data.tasks[0]?.train).toHaveLength(32);
  });

  it('leaves out ids that are no token of the tokenizer', async () => {
    const { decode } = await loadTrainingData(config('text-mlm-smoke'), home);
    expect(decode(Int32Array.of(0, 2, 1017))).toBe('[SEP]');
  });

  it.each<[string, string[], string, string]>([
    ['an unknown tokenizer', ['data.tokenizer=mine'], 'file/not-found', "no tokenizer 'mine'"],
    ['an unknown corpus', ['data.corpus=mine'], 'file/not-found', "no corpus 'mine'"],
    ['an unknown set', ['data.superglue=mine'], 'file/not-found', "no SuperGLUE set 'mine'"],
    ['too small a vocabulary', ['model.vocabularySize=900'], 'config/invalid', 'has 1000 entries'],
  ])('refuses %s', async (_what, settings, code, message) => {
    await expect(loadTrainingData(config('text-soft-smoke', ...settings), home)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses a task that the set lacks, by name', async () => {
    const from = dataFolder(home, 'superglue', 'sample');
    const info = join(dataFolder(home, 'superglue', 'less'), 'superglue.json');
    await cp(from, dataFolder(home, 'superglue', 'less'), { recursive: true });
    const text = JSON.parse(readFileSync(info, 'utf8')) as { tasks: Record<string, unknown> };
    delete text.tasks['RTE'];
    writeFileSync(info, JSON.stringify(text));
    await rm(join(dataFolder(home, 'superglue', 'less'), 'RTE'), { recursive: true });
    await expect(
      loadTrainingData(config('text-finetune-rte-smoke', 'data.superglue=less'), home),
    ).rejects.toMatchObject({
      code: 'config/invalid',
      message: expect.stringContaining('no training split of RTE') as string,
    });
    const all = await loadTrainingData(config('text-soft-smoke', 'data.superglue=less'), home);
    expect(all.tasks.map(({ task }) => task.name)).not.toContain('RTE');
    expect(all.tasks).toHaveLength(7);
  });
});
