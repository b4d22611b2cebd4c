import { describe, expect, it } from 'vitest';
import { differences, valueByPath } from '../../../src-shared/config/differences.ts';
import { fieldDocumentation } from '../../../src-shared/config/field-documentation.ts';
import { nearestName } from '../../../src-shared/config/nearest-name.ts';
import { preset } from '../../../src-shared/config/presets/preset.ts';
import { applySettings, setByPath } from '../../../src-shared/config/set-by-path.ts';

const base = preset('two-moons-mlm');

describe('setByPath', () => {
  it('sets one field from text and leaves the original alone', () => {
    const changed = setByPath(base, 'optimizer.learningRate', '1e-2');
    expect(changed.optimizer.learningRate).toBe(0.01);
    expect(base.optimizer.learningRate).toBe(0.08);
    expect(differences(base, changed)).toEqual([{ path: 'optimizer.learningRate', a: 0.08, b: 0.01 }]);
  });

  it.each([
    ['model.layers', '3', 3],
    ['training.epochSize', '32_000', 32_000],
    ['optimizer.decayPower', '-.25', -0.25],
    ['model.preNorm', 'false', false],
    ['model.activation', 'relu', 'relu'],
    ['objective', 'soft', 'soft'],
    ['seed', '7', 7],
  ])('reads %s=%s by the type of the field', (path, text, value) => {
    expect(valueByPath(setByPath(base, path, text), path)).toBe(value);
  });

  it.each([
    ['model.layers', '2.5', 'model.layers: expected an integer, 1 to 48, got 2.5'],
    ['model.layers', '', 'model.layers: expected an integer, 1 to 48, got ""'],
    ['model.layers', '0x10', 'got "0x10"'],
    ['model.dropout', '1', 'model.dropout: expected a number, 0 <= value < 1, got 1'],
    ['model.preNorm', 'yes', 'model.preNorm: expected true or false, got "yes"'],
    ['model.activation', 'tanh', 'model.activation: expected one of gelu, relu, got "tanh"'],
    ['optimizer.learningrate', '1', 'did you mean optimizer.learningRate?'],
    ['learningRate', '1', 'did you mean optimizer.learningRate?'],
    ['data.length', '5', 'it belongs to data.kind random-text'],
    ['training', '5', 'training: there is no such field; it is a group, set one of its fields, as training.'],
    ['__proto__.polluted', '5', '__proto__.polluted: there is no such field'],
  ])('refuses %s=%s', (path, text, message) => {
    expect(() => setByPath(base, path, text)).toThrow(message);
  });

  it('accepts every default as text, for every field of the kind of data', () => {
    for (const kind of ['two-moons', 'random-text'] as const) {
      const start = setByPath(base, 'data.kind', kind);
      for (const field of fieldDocumentation().filter((one) => one.dataKind === undefined || one.dataKind === kind)) {
        const value = field.path === 'data.kind' ? kind : field.default;
        expect(valueByPath(setByPath(start, field.path, String(value)), field.path), field.path).toBe(value);
      }
    }
  });

  it('starts from the defaults of another kind of data', () => {
    expect(setByPath(base, 'data.kind', 'random-text').data).toEqual({ kind: 'random-text', length: 128 });
    expect(setByPath(base, 'data.kind', 'two-moons')).toBe(base);
  });

  it('applies a list of path=value texts in order', () => {
    const config = applySettings(base, ['seed=1', 'data.kind=random-text', 'data.length=64', 'seed=2']);
    expect([config.seed, valueByPath(config, 'data.length')]).toEqual([2, 64]);
    expect(() => applySettings(base, ['seed'])).toThrow('path.to.field=value');
  });
});

describe('differences', () => {
  it('reports fields that only one kind of data has as null on the other side', () => {
    const other = setByPath(base, 'data.kind', 'random-text');
    expect(differences(base, base)).toEqual([]);
    expect(differences(base, other)).toContainEqual({ path: 'data.length', a: null, b: 128 });
    expect(differences(base, other)).toContainEqual({ path: 'data.labels', a: 10, b: null });
  });
});

describe('nearestName', () => {
  it('finds slips of the keyboard, swapped letters and case, and nothing for strangers', () => {
    const known = ['learningRate', 'weightDecay', 'beta1'];
    expect(nearestName('learnRate', known)).toBe('learningRate');
    expect(nearestName('wieghtdecay', known)).toBe('weightDecay');
    expect(nearestName('LEARNINGRATE', known)).toBe('learningRate');
    expect(nearestName('gamma', known)).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
  });
});
