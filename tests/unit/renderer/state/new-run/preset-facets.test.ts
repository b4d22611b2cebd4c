import { describe, expect, it } from 'vitest';
import {
  choicesOf,
  facetsOf,
  presetWith,
  variantsOf,
} from '../../../../../src-renderer/state/new-run/preset-facets.ts';
import { presets } from '../../../../../src-shared/config/presets/preset.ts';
import type { PresetView } from '../../../../../src-shared/ipc/run-views.ts';

const all: PresetView[] = presets().map(({ name, help, config }) => ({ name, title: name, description: help, config }));
const facets = (name: string) => facetsOf(all.find((one) => one.name === name)!);

describe('choosing a preset by what it is', () => {
  it('reaches every preset', () => {
    const reached = choicesOf(all, 'data').flatMap((data) =>
      choicesOf(all, 'objective', { data }).flatMap((objective) =>
        choicesOf(all, 'size', { data, objective }).flatMap((size) => variantsOf(all, { data, objective, size })),
      ),
    );
    expect(new Set(reached.map(({ name }) => name))).toEqual(new Set(all.map(({ name }) => name)));
    expect(reached).toHaveLength(all.length);
  });

  it('offers Two Moons and text with every objective, at full and at smoke size', () => {
    expect(choicesOf(all, 'data')).toEqual(['Two Moons', 'Text', 'Random text']);
    for (const data of choicesOf(all, 'data')) {
      for (const objective of ['Masked language modeling', 'Hard labels', 'Soft labels', 'Fine-tuning']) {
        expect(choicesOf(all, 'size', { data, objective })).toEqual(['The report’s settings', 'Smoke test']);
      }
    }
  });

  it('keeps the other choices where it can', () => {
    expect(presetWith(all, facets('two-moons-mlm-smoke'), { objective: 'Soft labels' })?.name).toBe(
      'two-moons-soft-smoke',
    );
    expect(presetWith(all, facets('two-moons-hard'), { size: 'Smoke test' })?.name).toBe('two-moons-hard-smoke');
    expect(presetWith(all, facets('two-moons-hard-denoising'), { data: 'Random text' })?.config.data.kind).toBe(
      'random-text',
    );
    expect(presetWith(all, facets('two-moons-mlm'), { data: 'no such' })).toBeUndefined();
  });

  it('tells fine-tuning by its number of labels apart as variants', () => {
    expect(variantsOf(all, facets('two-moons-finetune')).map(({ name }) => name)).toEqual([
      'two-moons-finetune',
      'two-moons-finetune-20',
      'two-moons-finetune-40',
      'two-moons-finetune-80',
      'two-moons-finetune-160',
    ]);
  });

  it('tells fine-tuning on text by its task apart as variants', () => {
    const names = variantsOf(all, facets('text-finetune-cb-smoke')).map(({ name }) => name);
    expect(names).toContain('text-finetune-record-smoke');
    expect(names).toHaveLength(8);
  });
});
