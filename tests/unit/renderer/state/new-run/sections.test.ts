import { describe, expect, it } from 'vitest';
import { labelOf, matchesSearch, sectionsOf } from '../../../../../src-renderer/state/new-run/sections.ts';
import { misfits } from '../../../../../src-renderer/state/new-run/weights-fit.ts';
import { DOCUMENTED_FIELDS } from '../../../../../src-shared/config/field-documentation.ts';
import { preset } from '../../../../../src-shared/config/presets/preset.ts';

describe('the sections of the form', () => {
  it('hold every field once, under a heading', () => {
    const sections = sectionsOf(DOCUMENTED_FIELDS);
    expect(sections.flatMap(({ fields }) => fields)).toHaveLength(DOCUMENTED_FIELDS.length);
    expect(sections.map(({ title }) => title)).toEqual([
      'Run',
      'Model',
      'Optimizer',
      'Meta-learning',
      'Training',
      'Data',
      'Engine',
    ]);
  });

  it('name fields as they are read', () => {
    expect(labelOf('optimizer.learningRate')).toBe('Learning rate');
    expect(labelOf('seed')).toBe('Seed');
    expect(labelOf('optimizer.beta1')).toBe('Beta 1');
    expect(labelOf('meta.mlmAsTask')).toBe('MLM as task');
    expect(labelOf('engine.xla')).toBe('XLA');
  });

  it('are searched by every word in path, name, help and unit', () => {
    const found = (search: string) =>
      DOCUMENTED_FIELDS.filter((field) => matchesSearch(field, search)).map(({ path }) => path);
    expect(found('learning rate inner')).toEqual(['meta.innerLearningRate']);
    expect(found('optimizer.learningRate')).toContain('optimizer.learningRate');
    expect(found('no such thing')).toEqual([]);
    expect(found('')).toHaveLength(DOCUMENTED_FIELDS.length);
  });
});

describe('weights of another run', () => {
  it('fit where the model has the same shape, whatever its dropout', () => {
    const from = preset('two-moons-mlm');
    const config = preset('two-moons-finetune');
    config.model.dropout = 0.5;
    expect(misfits(from, config)).toEqual([]);
    config.model.layers = 3;
    expect(misfits(from, config)).toEqual([{ path: 'model.layers', a: 2, b: 3 }]);
  });
});
