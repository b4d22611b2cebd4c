import { expect, it } from 'vitest';
import { preset } from '../../../../src-shared/config/presets/preset.ts';
import { nativeOptions } from '../../../../src-main/engine/train/open-executor.ts';

it.each([
  ['two-moons-mlm', { intraOpThreads: 1 }],
  ['two-moons-hard', {}],
  ['text-mlm-smoke', { intraOpThreads: 1 }],
  ['text-mlm', { largeProducts: true }],
  ['text-soft', { largeProducts: true }],
] as const)("%s has TensorFlow's settings for its size", (name, settings) => {
  expect(nativeOptions(preset(name))).toEqual(settings);
});
