import { describe, expect, it } from 'vitest';
import { listSettings, markDifferences } from '../../../../src-renderer/format/settings.ts';

describe('settings', () => {
  const settings = listSettings({ seed: 7, optimizer: { beta1: 0.9, learningRate: 0.1 }, engine: { xla: false } });

  it('are the leaves of a configuration in its order', () => {
    expect(settings.map(({ path }) => path)).toEqual([
      'seed',
      'optimizer.beta1',
      'optimizer.learningRate',
      'engine.xla',
    ]);
  });

  it('are marked where they differ from a base, a field it lacks too', () => {
    const base = listSettings({ seed: 0, optimizer: { beta1: 0.9, learningRate: 0.1 }, data: { labels: 10 } });
    expect(markDifferences(settings, base).map(({ path, before }) => [path, before])).toEqual([
      ['seed', '0'],
      ['optimizer.beta1', undefined],
      ['optimizer.learningRate', undefined],
      ['engine.xla', '–'],
    ]);
    expect(markDifferences(settings, undefined).every(({ before }) => before === undefined)).toBe(true);
  });
});
