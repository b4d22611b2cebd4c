import { describe, expect, it } from 'vitest';
import { applyChanges, fieldsOf } from '../../../../../src-renderer/state/new-run/apply-changes.ts';
import { preset } from '../../../../../src-shared/config/presets/preset.ts';

const base = preset('two-moons-mlm');

describe('what was typed, applied to a configuration', () => {
  it('sends what differs, as values, and nothing that says the same in other words', () => {
    const { config, overrides, problems } = applyChanges(base, {
      seed: '3',
      'optimizer.learningRate': '8e-2',
      'model.preNorm': 'false',
      'training.epochSize': '1_000',
    });
    expect(problems).toEqual({});
    expect(overrides).toEqual({ seed: 3, 'model.preNorm': false, 'training.epochSize': 1000 });
    expect(config).toMatchObject({ seed: 3, optimizer: { learningRate: 0.08 }, training: { epochSize: 1000 } });
  });

  it('says at each field what it expected, and keeps the base there', () => {
    const { config, overrides, problems } = applyChanges(base, {
      'model.layers': '0',
      'model.heads': '3',
      'model.dropout': 'much',
      'optimizer.learningRate': ' ',
      seed: '5',
    });
    expect(problems).toEqual({
      'model.layers': 'Expected an integer, 1 to 48, got 0.',
      'model.heads': 'Expected a divisor of model.modelDim (8), got 3.',
      'model.dropout': 'Expected a number, 0 <= value < 1, got "much".',
      'optimizer.learningRate': 'Expected a number, 0 < value <= 100.',
    });
    expect(overrides).toEqual({ 'model.heads': 3, seed: 5 });
    expect(config.model).toEqual({ ...base.model, heads: 3 });
  });

  it('says what does not fit together at the field to change', () => {
    const { problems } = applyChanges(base, { 'model.heads': '3' });
    expect(problems).toEqual({ 'model.heads': 'Expected a divisor of model.modelDim (8), got 3.' });
  });

  it('begins another kind of data with its own fields, passing over those of the first', () => {
    const { config, overrides, problems } = applyChanges(base, {
      'data.labels': '20',
      'data.length': '32',
      'data.kind': 'random-text',
    });
    expect(config.data).toEqual({ kind: 'random-text', length: 32 });
    expect(Object.entries(overrides)).toEqual([
      ['data.kind', 'random-text'],
      ['data.length', 32],
    ]);
    expect(problems).toEqual({});
    expect(fieldsOf(config).map(({ path }) => path)).not.toContain('data.labels');
  });
});
