import { describe, expect, it } from 'vitest';
import { BatchRing, allocateRing } from '../../../../src-main/engine/data/batch-ring.ts';
import { createBatchSource } from '../../../../src-main/engine/data/batch-source.ts';
import { loadTrainingData } from '../../../../src-main/engine/data/load-training-data.ts';
import { createPrefetchedSource } from '../../../../src-main/engine/data/prefetched-source.ts';
import { batchShapes } from '../../../../src-main/engine/data/training-data.ts';
import { AppError } from '../../../../src-shared/app-error.ts';
import { preset } from '../../../../src-shared/config/presets/preset.ts';

function smallSoft() {
  const config = preset('two-moons-soft');
  if (config.data.kind === 'two-moons') config.data.unlabeledTexts = 50;
  return config;
}

describe('createPrefetchedSource', () => {
  it('delivers what the plain source does, in order, after a jump too, and ends cleanly', async () => {
    for (const config of [smallSoft(), preset('two-moons-finetune-160')]) {
      const data = await loadTrainingData(config, '/nowhere');
      const shapes = batchShapes(config, data);
      const plain = createBatchSource(config, data, { shapes });
      const source = createPrefetchedSource(config, '/nowhere', shapes, { startIndex: 3, depth: 4 });
      for (let i = 3; i < 40; i++) expect(source.microBatch(i)).toEqual(plain.microBatch(i));
      expect(source.microBatch(7)).toEqual(plain.microBatch(7));
      expect(source.microBatch(8)).toEqual(plain.microBatch(8));
      const waited = source.takeWaitedShare();
      expect(waited).toBeGreaterThanOrEqual(0);
      expect(waited).toBeLessThanOrEqual(1);
      expect(source.takeWaitedShare()).toBe(0);
      await source.dispose();
    }
  });

  it('passes on what went wrong in the thread', async () => {
    const config = smallSoft();
    const shapes = batchShapes(config, await loadTrainingData(config, '/nowhere'));
    if (config.data.kind === 'two-moons') config.data.labels = 1;
    const source = createPrefetchedSource(config, '/nowhere', shapes);
    expect(() => source.microBatch(0)).toThrow(expect.objectContaining({ code: 'config/invalid' }));
    await source.dispose();
  });
});

describe('BatchRing', () => {
  it('refuses to fill more after a stop, and gives up on a silent producer', async () => {
    const config = smallSoft();
    const data = await loadTrainingData(config, '/nowhere');
    const shapes = batchShapes(config, data);
    const ring = new BatchRing(allocateRing(config, shapes, 2));
    const source = createBatchSource(config, data, { shapes });
    expect(ring.put(0, source.microBatch(0))).toBe(true);
    expect([ring.isReady(0), ring.isReady(1)]).toEqual([true, false]);
    expect(() => ring.take(1, 0)).toThrow(/prepared nothing/);
    ring.fail(new AppError('file/io', 'disk gone'));
    expect(() => ring.take(1, 1000)).toThrow('disk gone');
    ring.stop();
    expect(ring.put(1, source.microBatch(1))).toBe(false);
  });
});
